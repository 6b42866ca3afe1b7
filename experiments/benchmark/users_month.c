/* The users' month in C, as fast as a compiler can make it: the limit with which the kernel is compared.
 *
 * It does the same work: draws and tastes by hash, awareness as bits, weights only for users who know an app, and sums
 * of whole numbers. It does not have to give the same bits on every machine, as the kernel does, so it uses -ffast-math,
 * fused operations, and an exponential that sets results below 2^-126 to zero. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1024 };

typedef struct {
    const int64_t *key, *weight, *use;
    const float *worth, *log_use;
    int16_t *app;
    int8_t *tier;
    uint32_t *known;
    int64_t users, words;
} Rows;

typedef struct {
    const uint8_t *offered;
    const float *base, *price, *log_quota;
    const int64_t *quota;
    const float *reach;
    const uint64_t *key;
    float quota_weight, paid_bonus, habit, outside, taste;
    uint64_t hear, choose, like;
    const float *quantiles;
    int64_t apps;
} Terms;

static inline uint64_t stir(uint64_t word, uint64_t key) {
    word += 0x9E3779B97F4A7C15ull * (key + 1);
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ull;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBull;
    return word ^ (word >> 31);
}

static inline float unit(uint64_t word) { return ((float)(int32_t)(word >> 41) + 0.5f) * 0x1p-23f; }

static inline float power(float x) {
    x = x > -87.0f ? x : -87.0f;
    float k = rintf(x * 1.4426950408889634f), r = (x - k * 0.693359375f) + k * 2.12194440e-4f, value = 1.0f / 5040;
    value = value * r + 1.0f / 720;
    value = value * r + 1.0f / 120;
    value = value * r + 1.0f / 24;
    value = value * r + 1.0f / 6;
    value = value * r + 0.5f;
    value = value * r + 1.0f;
    value = value * r + 1.0f;
    union { int32_t bits; float number; } scale = {((int32_t)k + 127) << 23};
    return value * scale.number;
}

void exponentials(int64_t count, const float *restrict x, float *restrict y) {
    for (int64_t entry = 0; entry < count; entry++) y[entry] = power(x[entry]);
}

/* Independent chains of fused multiply-adds: the most that the processor can do. */
enum { LANES = 96 };
float fused(int64_t rounds) {
    float chain[LANES];
    for (int lane = 0; lane < LANES; lane++) chain[lane] = (float)lane;
    for (int64_t round = 0; round < rounds; round++)
        for (int lane = 0; lane < LANES; lane++) chain[lane] = chain[lane] * 0.999f + 0.5f;
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += chain[lane];
    return sum;
}

typedef struct {
    uint32_t *who;
    int64_t *first, *end;
    float *free, *paid, *worth;
    uint64_t likes[BLOCK];
    int32_t seat[BLOCK];
    float running[BLOCK], goal[BLOCK];
} Buffers;

static void hear(const Rows *r, const Terms *t, int64_t start, int64_t count) {
    float most = t->apps ? t->reach[t->apps - 1] : 0;
    for (int64_t row = start; row < start + count; row++) {
        float draw = unit(stir(t->hear, (uint64_t)r->key[row]));
        if (draw >= most) continue;
        int64_t app = 0;
        while (t->reach[app] <= draw) app++;
        r->known[row * r->words + app / 32] |= 1u << app % 32;
    }
}

static void line_up(const Rows *r, const Terms *t, Buffers *d, int64_t start, int64_t count) {
    memset(d->first, 0, sizeof *d->first * (t->apps + 1));
    for (int filling = 0; filling < 2; filling++) {
        for (int64_t row = 0; row < count; row++)
            for (int64_t word = 0; word < r->words; word++)
                for (uint32_t bits = r->known[(start + row) * r->words + word]; bits; bits &= bits - 1) {
                    int64_t app = 32 * word + __builtin_ctz(bits);
                    if (!t->offered[app]) continue;
                    if (filling) d->who[d->end[app]++] = (uint32_t)row;
                    else d->first[app + 1]++;
                }
        if (!filling)
            for (int64_t app = 0; app < t->apps; app++) {
                d->first[app + 1] += d->first[app];
                d->end[app] = d->first[app];
            }
    }
}

static void weigh(const Rows *r, const Terms *t, Buffers *d, int64_t start) {
    for (int64_t app = 0; app < t->apps; app++) {
        float *restrict free = d->free, *restrict paid = d->paid, *restrict worth = d->worth;
        for (int64_t entry = d->first[app]; entry < d->first[app + 1]; entry++) {
            uint32_t row = d->who[entry];
            float at = unit(stir(d->likes[row], t->key[app])) * 4096;
            int32_t node = (int32_t)at;
            float low = t->quantiles[node], liking;
            liking = t->base[app] + (low + (t->quantiles[node + 1] - low) * (at - (float)node)) * t->taste;
            free[entry] = liking + (d->seat[row] == 2 * app ? t->habit : 0)
                        - t->quota_weight * fmaxf(r->log_use[start + row] - t->log_quota[app], 0);
            paid[entry] = liking + (d->seat[row] == 2 * app + 1 ? t->habit : 0) + t->paid_bonus;
            worth[entry] = r->worth[start + row];
        }
        for (int64_t entry = d->first[app]; entry < d->first[app + 1]; entry++)
            paid[entry] -= t->price[app] / worth[entry];
    }
    exponentials(d->first[t->apps], d->free, d->free);
    exponentials(d->first[t->apps], d->paid, d->paid);
}

static void choose(const Rows *r, const Terms *t, Buffers *d, int64_t start, int64_t count) {
    memset(d->running, 0, sizeof d->running);
    for (int64_t entry = 0; entry < d->first[t->apps]; entry++)
        d->running[d->who[entry]] += d->free[entry] + d->paid[entry];
    float beyond = power(t->outside);
    for (int64_t row = 0; row < count; row++) {
        d->goal[row] = unit(stir(t->choose, (uint64_t)r->key[start + row])) * (d->running[row] + beyond);
        if (d->goal[row] >= d->running[row]) {
            r->app[start + row] = -1;
            r->tier[start + row] = 0;
            d->goal[row] = -1;
        }
        d->running[row] = 0;
    }
    for (int64_t app = 0; app < t->apps; app++)
        for (int64_t entry = d->first[app]; entry < d->first[app + 1]; entry++) {
            uint32_t row = d->who[entry];
            float middle = d->running[row] + d->free[entry];
            if (d->running[row] <= d->goal[row]) {
                r->app[start + row] = (int16_t)app;
                r->tier[start + row] = middle <= d->goal[row];
            }
            d->running[row] = middle + d->paid[entry];
        }
}

void month(const Rows *r, const Terms *t, int64_t *counted, int threads) {
#pragma omp parallel num_threads(threads)
    {
        Buffers *d = malloc(sizeof *d);
        int64_t most = BLOCK * (t->apps + 1), *mine = calloc(4 * (t->apps + 1), sizeof *mine);
        d->who = malloc(sizeof *d->who * most);
        d->first = malloc(sizeof *d->first * (t->apps + 1));
        d->end = malloc(sizeof *d->end * (t->apps + 1));
        d->free = malloc(sizeof(float) * most);
        d->paid = malloc(sizeof(float) * most);
        d->worth = malloc(sizeof(float) * most);
#pragma omp for schedule(static)
        for (int64_t start = 0; start < r->users; start += BLOCK) {
            int64_t count = r->users - start < BLOCK ? r->users - start : BLOCK;
            hear(r, t, start, count);
            line_up(r, t, d, start, count);
            for (int64_t row = 0; row < count; row++) {
                d->likes[row] = stir(t->like, (uint64_t)r->key[start + row]);
                d->seat[row] = 2 * r->app[start + row] + r->tier[start + row];
            }
            weigh(r, t, d, start);
            choose(r, t, d, start, count);
            for (int64_t row = start; row < start + count; row++) {
                int16_t app = r->app[row];
                if (app < 0) continue;
                int64_t asked = r->use[row], quota = t->quota[app];
                if (!r->tier[row] && asked > quota) asked = quota;
                mine[4 * app + r->tier[row]] += r->weight[row];
                mine[4 * app + 2 + r->tier[row]] += r->weight[row] * asked;
            }
        }
#pragma omp critical
        for (int64_t cell = 0; cell < 4 * t->apps; cell++) counted[cell] += mine[cell];
        free(d->who), free(d->first), free(d->end), free(d->free), free(d->paid), free(d->worth), free(d), free(mine);
    }
}
