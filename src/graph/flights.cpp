#include "flights.h"

namespace lazulite::graph {

bool Flights::Flight::join() {
    const std::lock_guard lock(mutex);
    if (wanted == 0) return false; // it is being given up
    ++wanted;
    return true;
}

void Flights::Flight::leave() {
    const std::lock_guard lock(mutex);
    if (--wanted == 0) stop.request_stop();
}

Flights::Landing Flights::board(const Key& key, const std::stop_token& stop, bool& joined,
                                const std::function<Landing(const std::stop_token&)>& make) {
    std::shared_ptr<Flight> flight;
    {
        const std::lock_guard lock(mutex_);
        std::shared_ptr<Flight>& slot = flights_[key];
        joined = slot && slot->join();
        if (!joined) slot = std::make_shared<Flight>();
        flight = slot;
    }
    if (joined) {
        std::unique_lock lock(flight->mutex);
        if (flight->landed.wait(lock, stop, [&] { return flight->done; })) return flight->landing;
        lock.unlock();
        flight->leave();
        return {};
    }

    Landing landing;
    {
        const std::stop_callback onStop(stop, [&] { flight->leave(); });
        landing = make(flight->stop.get_token());
    }
    {
        const std::lock_guard lock(mutex_);
        const auto found = flights_.find(key);
        if (found != flights_.end() && found->second == flight) flights_.erase(found);
    }
    {
        const std::lock_guard lock(flight->mutex);
        flight->landing = landing;
        flight->done = true;
    }
    flight->landed.notify_all();
    return landing;
}

} // namespace lazulite::graph
