// Vectors, colours, random streams, value noise.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cstdint>
#include <cmath>
#include <string>
#include <vector>
#include <map>
#include <algorithm>
#include <chrono>
using namespace std;
typedef float F;

struct V3 {
  F x, y, z;
};
static inline V3 operator+(V3 a, V3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
static inline V3 operator-(V3 a, V3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
static inline V3 operator*(V3 a, F s) { return {a.x * s, a.y * s, a.z * s}; }
static inline V3 operator*(V3 a, V3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
static inline F dot(V3 a, V3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline V3 cross(V3 a, V3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
static inline V3 norm(V3 a) {
  F l = sqrtf(dot(a, a));
  return l > 1e-9f ? a * (1 / l) : V3{0, 0, 1};
}
static inline F clampf(F v, F a, F b) { return v < a ? a : v > b ? b : v; }
static inline F sat(F v) { return clampf(v, 0, 1); }
static inline F sstep(F a, F b, F v) {
  F t = sat((v - a) / (b - a));
  return t * t * (3 - 2 * t);
}
static inline F mixf(F a, F b, F t) { return a + (b - a) * t; }
static inline V3 mix(V3 a, V3 b, F t) { return a + (b - a) * t; }
static const F PI = 3.14159265f;
static F lut_lin[256];
static inline V3 srgb(int r, int g, int b) { return {lut_lin[r], lut_lin[g], lut_lin[b]}; }
static inline F to_srgb(F v) {
  v = sat(v);
  return v <= 0.0031308f ? 12.92f * v : 1.055f * powf(v, 1 / 2.4f) - 0.055f;
}
static inline F lum(V3 c) { return .2126f * c.x + .7152f * c.y + .0722f * c.z; }

struct Rng {
  uint64_t s;
  Rng() : s(0) {}
  explicit Rng(uint64_t seed) {  // scrambled start: neighbouring seeds must not be shifted copies of one sequence
    uint64_t z = seed + 0x632BE59BD9B4E019ull;
    for (int r = 0; r < 3; r++) {
      z ^= z >> 32;
      z *= 0xD6E8FEB86659FD93ull;
    }
    s = z ^ (z >> 32);
    next();
  }
  uint64_t next() {
    uint64_t z = (s += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  F u() { return (F)((next() >> 40) * (1.0 / 16777216.0)); }
  F u(F a, F b) { return a + (b - a) * u(); }
  bool p(F q) { return u() < q; }
  int i(int n) { return min(n - 1, (int)(u() * n)); }
  F n() {
    F a = max(1e-6f, u()), b = u();
    return sqrtf(-2 * logf(a)) * cosf(2 * PI * b);
  }
  F nc(F s, F lim) { return clampf(n() * s, -lim, lim); }
  int pick(const vector<F>& w) {
    F t = 0;
    for (F x : w) t += x;
    F r = u() * t;
    for (size_t k = 0; k < w.size(); k++) {
      if (r < w[k]) return (int)k;
      r -= w[k];
    }
    return (int)w.size() - 1;
  }
};
static inline uint32_t hash32(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  x ^= x >> 16;
  return x;
}
static inline F hashf(uint32_t x) { return (hash32(x) >> 8) * (1.0f / 16777216.0f); }
static F vnoise(F x, F y, uint32_t s) {
  int xi = (int)floorf(x), yi = (int)floorf(y);
  F fx = x - xi, fy = y - yi;
  fx = fx * fx * (3 - 2 * fx);
  fy = fy * fy * (3 - 2 * fy);
  auto h = [&](int a, int b) { return hashf((uint32_t)(a * 73856093) ^ (uint32_t)(b * 19349663) ^ s); };
  return mixf(mixf(h(xi, yi), h(xi + 1, yi), fx), mixf(h(xi, yi + 1), h(xi + 1, yi + 1), fx), fy);
}
