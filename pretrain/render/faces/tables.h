// What a face chooses from (hair styles and colours, eyes, skins), and per-vertex masks on the neutral mesh.
#pragma once
#include "raster.h"

struct Hair {
  const char* name;
  const char* tx;
  F wf, wm;
};  // weights: female, male
static const Hair HAIRS[] = {{"bob01", "bob01_diffuse", 8, .2},
                             {"bob02", "bob02_diffuse", 15, .3},
                             {"long01", "long01_diffuse", 22, 2.5},
                             {"ponytail01", "ponytail01_diffuse", 15, 2},
                             {"braid01", "braid01_diffuse", 9, .3},
                             {"short03", "short03_diffuse", 11, .7},
                             {"short01", "short01_diffuse", 1, 23},
                             {"short02", "short02_diffuse", 1, 25},
                             {"short04", "short04_diffuse", 1.5, 22},
                             {"afro01", "afro_diffuse", 7, 6},
                             {"buzz", "", .6, 13},
                             {"bald", "", 0, 6}};
static const int NH = sizeof(HAIRS) / sizeof(HAIRS[0]);
struct HC {
  const char* name;
  int r, g, b;
};
static const HC HCOL[] = {{"black", 31, 26, 24},        {"darkbrown", 56, 38, 28}, {"brown", 96, 64, 42},
                          {"lightbrown", 138, 100, 68}, {"blond", 196, 158, 104},  {"platinum", 224, 200, 158},
                          {"auburn", 100, 46, 31},      {"ginger", 156, 84, 48},   {"grey", 140, 137, 134},
                          {"white", 206, 204, 200}};
static const char* EYES[] = {"brown", "brownlight", "blue", "bluegreen", "deepblue",
                             "green", "grey",       "ice",  "lightblue"};
static const char* SKN[3][2][3] = {
    {{"young_darkskinned_female_diffuse", "middleage_darkskinned_female_diffuse", "old_darkskinned_female_diffuse"},
     {"young_darkskinned_male_diffuse", "middleage_darkskinned_male_diffuse", "old_darkskinned_male_diffuse"}},
    {{"young_lightskinned_female_diffuse3", "middleage_lightskinned_female_diffuse2",
      "old_lightskinned_female_diffuse2"},
     {"young_lightskinned_male_diffuse3", "middleage_lightskinned_male_diffuse2", "old_lightskinned_male_diffuse2"}},
    {{"young_lightskinned_female_diffuse", "middleage_lightskinned_female_diffuse",
      "old_lightskinned_female_diffuse"},
     {"young_lightskinned_male_diffuse", "middleage_lightskinned_male_diffuse", "old_lightskinned_male_diffuse"}}};
static const char* AN[] = {"african", "asian", "caucasian"};

static V3 hsv(F h, F s, F v) {
  h = (h - floorf(h)) * 6;
  int i = (int)h;
  F f = h - i, p = v * (1 - s), q = v * (1 - s * f), t = v * (1 - s * (1 - f));
  V3 c = i == 0   ? V3{v, t, p}
         : i == 1 ? V3{q, v, p}
         : i == 2 ? V3{p, v, t}
         : i == 3 ? V3{p, q, v}
         : i == 4 ? V3{t, p, v}
                  : V3{v, p, q};
  return srgb((int)(255 * c.x), (int)(255 * c.y), (int)(255 * c.z));
}

static vector<V3> base0;
static vector<F> mBeard, mGoat, mTache, mLip, mScalp, mIn, mShirt;
static const int EYE_L0 = 14598, EYE_L1 = 14669, EYE_R0 = 14670, EYE_R1 = 14741;
static void prepare() {
  const vector<F>& b = R("base").f;
  base0.resize(b.size() / 3);
  memcpy((void*)base0.data(), b.data(), b.size() * 4);
  size_t N = base0.size();
  for (auto* m : {&mBeard, &mGoat, &mTache, &mLip, &mScalp, &mIn, &mShirt}) m->assign(N, 0);
  for (size_t k = 0; k < N; k++) {
    V3 p = base0[k];
    F ax = fabsf(p.x);
    F in = (ax < .42f && p.y > 6.38f && p.y < 7.0f) ? sat((1.43f - .9f * p.x * p.x - p.z) / .1f) : 0;
    if (!((k >= 537 && k <= 722) || (k >= 7282 && k <= 7450))) in = 0;  // mouth cavity vertices only
    mIn[k] = in;
    F out = 1 - in;
    F le = (p.x / .30f) * (p.x / .30f) + ((p.y - 6.612f) / .10f) * ((p.y - 6.612f) / .10f);
    mLip[k] = p.z > 1.36f ? (1 - sstep(.75f, 1.1f, le)) * out : 0;
    F lipEx = sstep(.85f, 1.25f, le);
    // cheek line from the sideburn to the corner of the mouth
    F line = ax > .55f ? mixf(6.80f, 7.22f, sat((ax - .55f) / .23f)) : mixf(6.62f, 6.80f, sat((ax - .22f) / .33f));
    F low = sstep(6.02f, 6.16f, p.y), back = sstep(.42f, .56f, p.z);
    F beard = (1 - sstep(line - .07f, line + .05f, p.y)) * low * back * lipEx;
    if (p.y < 6.2f && p.z < .85f) beard *= sstep(.5f, .85f, p.z);
    F tache = (1 - sstep(.27f, .35f, ax)) * sstep(6.66f, 6.70f, p.y) * (1 - sstep(6.765f, 6.82f, p.y)) *
              (p.z > 1.3f ? lipEx : 0) * out;
    F sides = sstep(.24f, .30f, ax) * (1 - sstep(.38f, .46f, ax)) * (1 - sstep(6.66f, 6.74f, p.y)) *
              sstep(6.25f, 6.4f, p.y) * (p.z > 1.1f ? 1 : 0);
    F chin = (1 - sstep(.26f, .42f, ax)) * (1 - sstep(6.50f, 6.545f, p.y)) * sstep(6.06f, 6.2f, p.y) *
             sstep(.9f, 1.15f, p.z) * lipEx;
    mTache[k] = tache;
    mBeard[k] = max(beard * out, tache);
    mGoat[k] = max(max(chin, sides * lipEx), 0.f) * out;
    // scalp: above the hairline, behind the temples
    const F hl = 7.98f;
    F top = sstep(hl - .06f, hl + .14f, p.y + .25f * max(0.f, .9f - p.z));
    F side = sstep(.95f, .72f, p.z) * sstep(6.85f, 7.1f, p.y + .35f * sat((.2f - p.z) / .5f));
    mScalp[k] = max(top, (p.z < .95f ? side : 0) * (ax > .8f && p.z > .15f && p.z < .6f && p.y < 7.52f ? 0.f : 1.f));
    F ang = atan2f(p.x, p.z - .35f);  // 0 front, pi back
    F neck = 5.70f + .24f * sat(fabsf(ang) / 1.4f) + .05f * sat((fabsf(ang) - 1.4f) / 1.7f);
    mShirt[k] = neck - p.y;  // >0 below the neck line
  }
}
