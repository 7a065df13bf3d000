#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace lazulite {

/// Why something did not work, in words for the user: what, where and what to do.
struct Error {
    enum class Kind {
        Cancelled,   ///< nobody wants the result any more; never shown
        Missing,     ///< no file holds this place (a hole) or the file is gone
        Unreadable,  ///< the operating system refused (permissions, locked, I/O error)
        Corrupt,     ///< the file's contents contradict themselves or are cut short
        Mismatch,    ///< a good file of another shape or type than its series
        Unsupported, ///< a good file that needs something we (or this libtiff) lack
        TooLarge,    ///< does not fit the memory budget
        Device,      ///< a graphics card failed
        BadArgument, ///< what was asked for makes no sense
    };

    Kind kind = Kind::BadArgument;
    std::string message;              ///< what is wrong, and what to do
    std::string path;                 ///< the file, empty where none is involved
    std::optional<std::int64_t> page; ///< the page of the file, from 0

    /// "path, page 3: message"
    std::string text() const;

    static Error cancelled() { return {Kind::Cancelled, "cancelled", {}, {}}; }
};

/// Ends an operation: no such folder, a wrong option. Expected failures inside a request are a Result instead.
class Failure : public std::runtime_error {
public:
    explicit Failure(Error error) : std::runtime_error(error.text()), error_(std::move(error)) {}
    explicit Failure(const std::string& message) : Failure(Error{Error::Kind::BadArgument, message, {}, {}}) {}

    const Error& error() const { return error_; }

private:
    Error error_;
};

/// Either a value or the Error that stands in its place.
template <typename T>
class Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    const T& value() const& { return std::get<0>(state_); }
    T& value() & { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }

    const Error& error() const { return std::get<1>(state_); }

    /// The value, or throws the error as a Failure.
    T valueOrThrow() && {
        if (!ok()) throw Failure(error());
        return std::get<0>(std::move(state_));
    }

private:
    std::variant<T, Error> state_;
};

/// The outcome of something that yields nothing: success, or an Error.
template <>
class Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    bool ok() const { return !error_; }
    explicit operator bool() const { return ok(); }
    const Error& error() const { return *error_; }

    void orThrow() const {
        if (error_) throw Failure(*error_);
    }

private:
    std::optional<Error> error_;
};

} // namespace lazulite
