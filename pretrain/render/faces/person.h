// A person from a seed: attributes, then the shape of the head and its expression.
#pragma once
#include "face.h"

// Draws every attribute group from its own stream; --set replaces values afterwards, so that the rest stays the same.
void Face::sampleAttributes() {
  ra = stream(1), rsm = stream(2), rgl = stream(3), rbd = stream(4), rps = stream(5), rag = stream(6), ran = stream(7), rhs = stream(8), rhc = stream(9), rli = stream(10), rbg = stream(11), rsh = stream(12), rey = stream(13), rcl = stream(14), rcam = stream(15), rmk = stream(16), rmo = stream(17);
  male = gets(ov, "gender", ra.p(.5f) ? "male" : "female") == "male";
  G = male ? "male" : "female";
  smiling = rsm.p(.6f);
  sm = smiling ? rsm.u(.7f, 1.f) : rsm.u(0, .06f);
  teeth = rsm.p(.55f);
  smW = rsm.u(.95f, 1.2f);
  sm = getf(ov, "smile", sm);
  smiling = sm > .5f;
  teeth = getf(ov, "teeth", teeth) > .5f && smiling;
  mo = rmo.p(.13f) ? rmo.u(.2f, .5f) : 0;
  mo = getf(ov, "mouth_open", mo);
  if (smiling) mo *= .45f;
  glasses = getf(ov, "glasses", rgl.p(.18f)) > .5f;
  yaw = getf(ov, "yaw", rps.u(-35, 35)), pitch = getf(ov, "pitch", rps.nc(5, 12)), roll = getf(ov, "roll", rps.nc(3.2f, 8));
  age = rag.pick({62, 28, 10});
  age = (int)getf(ov, "age", (F)age);
  old = age == 0 ? rag.u(0, .12f) : age == 1 ? rag.u(.3f, .5f) : rag.u(.65f, .95f);
  {
    int dom = ran.i(3);
    F mixw = ran.p(.4f) ? ran.u(.2f, .5f) : ran.u(0, .12f);
    int sec = (dom + 1 + ran.i(2)) % 3;
    wa[0] = wa[1] = wa[2] = 0;
    wa[dom] = 1 - mixw;
    wa[sec] += mixw;
  }
  if (ov.count("ancestry")) {
    wa[0] = wa[1] = wa[2] = 0;
    wa[atoi(ov.at("ancestry").c_str())] = 1;
  }
  // beard
  bool bd = rbd.p(.25f), goat = rbd.p(.35f), tch = rbd.p(.08f), stub = rbd.p(.22f);
  bool btch = rbd.p(.9f);
  blen = rbd.u(.04f, .13f);
  beard = male && bd ? (goat ? 2 : 1) : 0;
  beard = (int)getf(ov, "beard", (F)beard);
  tache = beard ? (beard == 1 ? 1 : btch) : (male && tch);
  tache = (int)getf(ov, "moustache", (F)tache);
  stubble = male && !beard && stub ? rbd.u(.3f, .8f) : 0;
  // hair
  vector<F> hw;
  for (auto& h : HAIRS) hw.push_back(male ? h.wm : h.wf);
  if (age == 2 && male) hw[NH - 1] *= 4;
  hs = rhs.pick(hw);
  string hsO = gets(ov, "hair", HAIRS[hs].name);
  for (int k = 0; k < NH; k++)
    if (hsO == HAIRS[k].name) hs = k;
  hflip = rhs.p(.5f);
  vector<F> cw;
  {
    F e = wa[2];  // lighter colours are likelier with caucasian weight, never exclusive to it
    cw = {mixf(42, 12, e),  mixf(29, 19, e), mixf(13, 19, e), mixf(5, 13, e), mixf(3.5f, 16, e),
          mixf(1.2f, 5, e), mixf(4, 7, e),   mixf(1, 7, e),   1.6f,           .5f};
    if (age == 1) {
      cw[8] += 10;
      cw[9] += 2;
    }
    if (age == 2) {
      cw[8] += 90;
      cw[9] += 60;
    }
  }
  hc = rhc.pick(cw);
  string hcO = gets(ov, "hair_color", HCOL[hc].name);
  for (int k = 0; k < 10; k++)
    if (hcO == HCOL[k].name) hc = k;
  hcol = srgb(HCOL[hc].r, HCOL[hc].g, HCOL[hc].b);
  {
    F j = expf(rhc.nc(.13f, .3f));
    V3 jt{1 + rhc.nc(.05f, .1f), 1, 1 + rhc.nc(.05f, .1f)};
    hcol = hcol * j * jt;
  }
}

// Ancestry, age, weight and about fifty small shape targets.
void Face::shapeHead() {
  v = base0;
  for (int a = 0; a < 3; a++) {
    apply(v, string(AN[a]) + "-" + G + "-young", wa[a] * (1 - old));
    apply(v, string(AN[a]) + "-" + G + "-old", wa[a] * old);
  }
  F wgt = rsh.nc(.25f, .55f);
  string ag = old > .5f ? "old" : "young";
  apply(v, "universal-" + G + "-" + ag + (wgt > 0 ? "-averagemuscle-maxweight" : "-averagemuscle-minweight"),
        fabsf(wgt) * .6f);
  auto pair2 = [&](const char* n, const char* lo, const char* hi, F s, F lim) {
    F w = rsh.nc(s * .88f, lim);
    apply(v, string(n) + (w > 0 ? hi : lo), fabsf(w));
  };
  auto pairLR = [&](const char* n, const char* lo, const char* hi, F s, F lim) {
    F w = rsh.nc(s, lim), d = rsh.nc(.04f, .1f);
    apply(v, string("l-") + n + (w > 0 ? hi : lo), fabsf(w + d));
    apply(v, string("r-") + n + (w > 0 ? hi : lo), fabsf(w - d));
  };
  {
    static const char* HS[] = {
        "head-oval",    "head-round",      "head-square", "head-triangular", "head-invertedtriangular",
        "head-diamond", "head-rectangular"};
    int k = rsh.i(7);
    F w = rsh.u(0, .58f);
    if (!male && (k == 2 || k == 6)) w *= .4f;
    apply(v, HS[k], w);
  }
  pair2("head-fat", "-decr", "-incr", .2f, .4f);
  pair2("head-scale-horiz", "-decr", "-incr", .12f, .25f);
  pair2("head-scale-vert", "-decr", "-incr", .1f, .2f);
  pair2("forehead-scale-vert", "-decr", "-incr", .3f, .6f);
  pair2("forehead-nubian", "-decr", "-incr", .2f, .4f);
  pair2("forehead-temple", "-decr", "-incr", .25f, .5f);
  pair2("nose-scale-horiz", "-decr", "-incr", .3f, .6f);
  pair2("nose-scale-vert", "-decr", "-incr", .28f, .6f);
  pair2("nose-scale-depth", "-decr", "-incr", .28f, .6f);
  pair2("nose-hump", "-decr", "-incr", .25f, .6f);
  pair2("nose-point", "-down", "-up", .35f, .7f);
  pair2("nose-width2", "-decr", "-incr", .3f, .7f);
  pair2("nose-width3", "-decr", "-incr", .3f, .6f);
  pair2("nose-curve", "-concave", "-convex", .3f, .7f);
  pair2("nose-flaring", "-decr", "-incr", .25f, .6f);
  pair2("mouth-scale-horiz", "-decr", "-incr", .28f, .5f);
  pair2("mouth-upperlip-volume", "-decr", "-incr", .35f, .8f);
  pair2("mouth-lowerlip-volume", "-decr", "-incr", .35f, .8f);
  pair2("mouth-cupidsbow", "-decr", "-incr", .35f, .8f);
  pair2("mouth-trans", "-down", "-up", .22f, .4f);
  pair2("chin-height", "-decr", "-incr", .3f, .6f);
  pair2("chin-width", "-decr", "-incr", .35f, .7f);
  pair2("chin-prominent", "-decr", "-incr", .3f, .6f);
  pair2("chin-bones", "-decr", "-incr", .3f, .6f);
  pair2("chin-prognathism", "-decr", "-incr", .15f, .3f);
  if (male) apply(v, "chin-cleft-incr", max(0.f, rsh.nc(.5f, 1)));
  pairLR("cheek-bones", "-decr", "-incr", .4f, .8f);
  pairLR("cheek-volume", "-decr", "-incr", .35f, .7f);
  pairLR("cheek-inner", "-decr", "-incr", .3f, .6f);
  pairLR("eye-scale", "-decr", "-incr", .22f, .45f);
  pairLR("eye-trans", "-in", "-out", .2f, .35f);
  pairLR("eye-corner1", "-down", "-up", .3f, .6f);
  pairLR("eye-corner2", "-down", "-up", .3f, .6f);
  pairLR("eye-height2", "-decr", "-incr", .3f, .6f);
  pairLR("eye-bag", "-decr", "-incr", .3f, .6f);
  pairLR("eye-epicanthus", "-in", "-out", .3f, .6f);
  pairLR("ear-scale", "-decr", "-incr", .25f, .5f);
  pairLR("ear-wing", "-decr", "-incr", .3f, .6f);
  pair2("eyebrows-trans", "-down", "-up", .3f, .6f);
  pair2("eyebrows-angle", "-down", "-up", .2f, .4f);
  pair2("neck-scale-horiz", "-decr", "-incr", .3f, .6f);
}

// What every face gets, and every woman's or man's.
void Face::adjustShape() {
  for (const char* s : {"l-", "r-"}) {
    apply(v, string(s) + "eye-scale-incr", .28f);
    apply(v, string(s) + "eye-height2-incr", .15f);
  }
  apply(v, "eyebrows-trans-up", .25f);
  LR("eyebrows", "inner-up", .55f);
  if (!male) {
    apply(v, "neck-scale-horiz-decr", .25f);
    apply(v, "eyebrows-trans-up", .2f);
    for (const char* s : {"l-", "r-"}) apply(v, string(s) + "eye-scale-incr", .22f);
    apply(v, "chin-bones-decr", .25f);
    apply(v, "nose-scale-horiz-decr", .22f);
    apply(v, "nose-scale-vert-decr", .12f);
    apply(v, "nose-point-up", .12f);
    apply(v, "chin-width-decr", .15f);
    apply(v, "mouth-lowerlip-volume-incr", .2f);
    apply(v, "mouth-upperlip-volume-incr", .15f);
  } else
    apply(v, "chin-bones-incr", .25f);
}

// Brows, lids, smile, open mouth.
void Face::express() {
  Rng rx = stream(18);
  F bu = rx.nc(.25f, .6f), bd2 = max(0.f, rx.nc(.1f, .25f));
  blink = rx.p(.006f) ? rx.u(.6f, .95f) : max(0.f, rx.nc(.05f, .12f));
  if (bu > 0) LR("eyebrows", "up", bu * .8f);
  LR("eyebrows", "down", bd2 * (1 - sm));
  LR("eye", "closure", blink);
  LR("eye", "opened-up", .22f);
  LR("eyebrows", "up", .18f + sm * .15f);
  if (sm > 0) {
    apply(v, "expr-mouth-corner-puller", sm * smW * getf(ov, "kcp", 1.25f));
    LR("eye", "slit", sm * getf(ov, "kslit", .2f));
    for (const char* s : {"l-", "r-"}) {
      apply(v, string(s) + "cheek-volume-incr", sm * .3f);
      apply(v, string(s) + "cheek-trans-up", sm * .35f);
    }
    apply(v, "mouth-laugh-lines-in", sm * .3f);
    if (teeth) {
      apply(v, "expr-mouth-part-later", sm * getf(ov, "kpl", .5f));
      apply(v, "expr-mouth-open", sm * getf(ov, "kmo", .02f));
      apply(v, "expr-mouth-upward-retraction", sm * getf(ov, "kur", .4f));
    }
    apply(v, "mouth-scale-horiz-incr", sm * getf(ov, "kmh", .3f));
  }
  if (mo > 0) {
    apply(v, "expr-mouth-open", mo);
    apply(v, "expr-mouth-upward-retraction", mo * .5f * (1 - sm));
  }
}
