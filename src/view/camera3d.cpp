#include "lazulite/view/camera3d.h"

#include <algorithm>
#include <cmath>

namespace lazulite::view {

namespace {

using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector cross(const Vector& a, const Vector& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector plus(const Vector& a, const Vector& b, double times) {
    return {a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]};
}

Vector normalised(const Vector& a) {
    const double length = std::sqrt(dot(a, a));
    return length > 0 ? Vector{a[0] / length, a[1] / length, a[2] / length} : a;
}

/// Rodrigues' formula; `axis` of length 1.
Vector turned(const Vector& v, const Vector& axis, double angle) {
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    Vector result{c * v[0], c * v[1], c * v[2]};
    result = plus(result, cross(axis, v), s);
    return plus(result, axis, dot(axis, v) * (1 - c));
}

/// Where a canvas point lies on the ball, in the eye's x (right), y (up), z (towards the eye).
Vector onBall(CanvasPoint point, int width, int height) {
    const double radius = std::max(1, std::min(width, height)) / 2.0;
    const double x = (point.x - width / 2.0) / radius;
    const double y = (height / 2.0 - point.y) / radius;
    const double square = x * x + y * y;
    return normalised({x, y, square <= 0.5 ? std::sqrt(1 - square) : 0.5 / std::sqrt(square)});
}

} // namespace

Vector rightOf(const Camera3D& camera) {
    return normalised(cross(camera.up, camera.direction));
}

double viewHeight(const Camera3D& camera, const Vector& extent, int width, int height) {
    const double diameter = std::max(std::sqrt(dot(extent, extent)), 1e-30);
    const double narrow = width > 0 ? std::max(1.0, static_cast<double>(height) / width) : 1.0;
    return diameter * narrow / camera.zoom;
}

Camera3D rotated(const Camera3D& camera, CanvasPoint from, CanvasPoint to, int width, int height) {
    const Vector a = onBall(from, width, height);
    const Vector b = onBall(to, width, height);
    const Vector normal = cross(a, b);
    const double sine = std::sqrt(dot(normal, normal));
    if (sine < 1e-12) return camera;
    const double angle = std::atan2(sine, dot(a, b));
    const Vector eye = normalised(normal);
    Vector axis{0, 0, 0};
    axis = plus(axis, rightOf(camera), eye[0]);
    axis = plus(axis, camera.up, eye[1]);
    axis = normalised(plus(axis, camera.direction, eye[2]));
    // The volume turns one way by turning the eye the other way about the volume's focus.
    Camera3D next = camera;
    next.direction = normalised(turned(camera.direction, axis, -angle));
    const Vector up = turned(camera.up, axis, -angle);
    next.up = normalised(plus(up, next.direction, -dot(up, next.direction)));
    return next;
}

Camera3D panned(const Camera3D& camera, const Vector& extent, CanvasPoint from, CanvasPoint to, int width, int height) {
    const double perPixel = viewHeight(camera, extent, width, height) / std::max(1, height);
    Camera3D next = camera;
    next.focus = plus(next.focus, rightOf(camera), -(to.x - from.x) * perPixel);
    next.focus = plus(next.focus, normalised(camera.up), (to.y - from.y) * perPixel);
    return next;
}

Camera3D zoomed(const Camera3D& camera, double factor) {
    Camera3D next = camera;
    if (factor > 0 && std::isfinite(factor)) next.zoom = std::clamp(camera.zoom * factor, 0.01, 1000.0);
    return next;
}

} // namespace lazulite::view
