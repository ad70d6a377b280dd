/** Vector arithmetic as a person does it: by mouse alone, by keyboard alone, by touch. */
import { expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import { layoutFigure } from '../src/panels/arithmetic/figure';
import {
  words,
  nine,
  center,
  groups,
  slots,
  slotButton,
  tray,
  preset,
  openArithmetic,
  settled,
  meters,
  tabTo,
  dragTo,
  middle,
  readDownload,
} from './support/arithmetic';
import { expectAccessible } from './support/axe';
import { largestDifference, readPicture, SAME, variance, type Picture } from './support/pictures';

test('by mouse: the panel opens with a smiling man; presets take one click', async ({ page }) => {
  await openArithmetic(page);
  await expect(words(page)).toHaveText(/^A smiling man(, looking (left|right))?, 0\.\d\d$/);
  const smile = await meters(page);
  expect(smile['woman']).toBeLessThan(0.5);
  expect(smile['smile']).toBeGreaterThan(0.5);
  expect(variance(await readPicture(center(page)))).toBeGreaterThan(100);

  await preset(page, 'Glasses').click();
  await settled(page);
  await expect(words(page)).toHaveText(/woman with glasses/);
  expect((await meters(page))['glasses']).toBeGreaterThan(0.5);

  await preset(page, 'Smile').click();
  await settled(page);
  await expect(words(page)).toHaveText(/smiling man/);
});

test('the result is the plain mean of the exemplars', async ({ page }) => {
  await openArithmetic(page);
  const drawn = await readPicture(center(page));
  const answer = await page.evaluate(async () => {
    const { id } = await window.latentarium.ready;
    const response = await fetch(`models/${id}/exemplars.json`);
    const { concepts } = (await response.json()) as {
      concepts: Record<string, { z: number[][] }>;
    };
    const three = (concept: string) => concepts[concept]?.z.slice(0, 3) ?? [];
    const terms = [
      { sign: 1 as const, z: three('smiling-woman') },
      { sign: -1 as const, z: three('neutral-woman') },
      { sign: 1 as const, z: three('neutral-man') },
    ];
    const { z, neighbours } = window.latentarium.arithmetic({ terms, noise: 0.43, seed: 1 });
    const plain = Array.from(z, (_, i) =>
      terms.reduce(
        (sum, term) => sum + (term.sign * term.z.reduce((all, one) => all + one[i]!, 0)) / 3,
        0,
      ),
    );
    const [image] = await window.latentarium.generate([z]);
    return {
      error: Math.max(...plain.map((value, i) => Math.abs(value - z[i]!))),
      radius: Math.max(
        ...neighbours.flatMap((one) => Array.from(one, (x, i) => Math.abs(x - z[i]!))),
      ),
      count: neighbours.length,
      bytes: Array.from(image!.data, (value) => Math.round((value + 1) * 127.5)),
    };
  });
  expect(answer.error).toBeLessThan(1e-5);
  expect(answer.count).toBe(8);
  expect(answer.radius).toBeLessThanOrEqual(0.43001);
  const shown = drawn.data.filter((_, index) => index % 4 !== 3);
  const apart = Math.max(...shown.map((value, at) => Math.abs(value - answer.bytes[at]!)));
  expect(apart).toBeLessThanOrEqual(SAME);
});

test('by mouse: an equation of one’s own from samples, by clicks and by dragging', async ({
  page,
}) => {
  await openArithmetic(page);
  await preset(page, 'New').click();
  await expect(page.getByText('The groups are empty.')).toBeVisible();
  await page.getByRole('radio', { name: 'Samples' }).click();
  await expect(tray(page)).toHaveCount(48);

  await tray(page).nth(2).click();
  await slotButton(slots(groups(page).nth(0)).nth(0)).click();
  await expect(page.getByText('“B” and “C” have no picture yet.')).toBeVisible();
  await dragTo(page, tray(page).nth(3), slots(groups(page).nth(1)).nth(1));
  await slotButton(slots(groups(page).nth(2)).nth(0)).click();
  await tray(page).nth(5).click();
  // The next slot waits already: a group is filled click by click.
  await tray(page).nth(6).click();

  await expect(page.getByText('have no picture yet')).toHaveCount(0);
  const filled = page.getByTestId('group').locator('[data-filled="true"]');
  await expect(filled).toHaveCount(4);
  await settled(page);
  await expect(words(page)).toHaveText(/, [01]\.\d\d/);
  await expect(page).toHaveURL(/eq=p~A~s1\.2n,_,_\/m~B~_,s1\.3n,_\/p~C~s1\.5n,s1\.6n,_/);

  await page.getByLabel('Name of group 1').fill('Somebody');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Minus B/ }).click();
  await expect(page).toHaveURL(/eq=p~Somebody~.*\/p~B~/);
});

test('by keyboard alone: a preset, another exemplar, and all of it undone', async ({ page }) => {
  await openArithmetic(page);
  const before = await readPicture(center(page));
  await tabTo(page, /^Glasses$/);
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(words(page)).toHaveText(/woman with glasses/);
  const names = page.getByLabel(/^Name of group/);
  await expect(names).toHaveCount(3);
  const cut = await names.evaluateAll((all) =>
    all.filter((name) => name.scrollHeight > name.clientHeight).map((name) => name.textContent),
  );
  expect(cut, 'what is added and taken away can be read').toEqual([]);

  await tabTo(page, /place 1 of Man with glasses$/);
  await page.keyboard.press('Delete');
  await expect(slots(groups(page).first()).first()).toHaveAttribute('data-filled', 'false');
  await page.keyboard.press('Enter');
  await tabTo(page, /^Smiling woman 1, /);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(slotButton(slots(groups(page).first()).first())).toHaveAccessibleName(
    'Smiling woman 2, place 1 of Man with glasses',
  );

  for (let steps = 0; steps < 3; steps++) await page.keyboard.press('z');
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
  await settled(page);
  expect(largestDifference(before, await readPicture(center(page)))).toBeLessThanOrEqual(SAME);
  await page.keyboard.press('y');
  await settled(page);
  await expect(words(page)).toHaveText(/woman with glasses/);
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a preset, a tap and a tap, a drag', async ({ page }) => {
    await openArithmetic(page);
    await preset(page, 'Glasses').tap();
    await settled(page);
    await expect(words(page)).toHaveText(/woman with glasses/);

    const first = slots(groups(page).first()).first();
    await tray(page).nth(1).tap();
    await slotButton(first).tap();
    await expect(slotButton(first)).toHaveAccessibleName(/^Smiling woman 2, place 1/);

    const second = slots(groups(page).first()).nth(1);
    const from = await middle(tray(page).nth(2));
    const to = await middle(second);
    const touch = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: object[]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: points as never });
    await send('touchStart', [from]);
    // A drag by touch starts after a moment of rest; a busy machine takes longer to notice.
    await page.waitForTimeout(1000);
    for (let step = 1; step <= 6; step++) {
      const part = step / 6;
      await send('touchMove', [
        { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part },
      ]);
    }
    await page.waitForTimeout(300);
    await send('touchEnd', []);
    await expect(slotButton(second)).toHaveAccessibleName(/^Smiling woman 3, place 2/);
  });
});

test('undo to the start, over every kind of change', async ({ page }) => {
  await openArithmetic(page);
  const before = await readPicture(center(page));
  await preset(page, 'Gender').click();
  await page.getByRole('button', { name: 'Menu of Neutral man' }).click();
  await page.getByRole('menuitem', { name: 'Other exemplars' }).click();
  await page.getByRole('button', { name: 'Add a group' }).click();
  await page.getByRole('slider', { name: 'How much of the difference' }).focus();
  for (let steps = 0; steps < 4; steps++) await page.keyboard.press('ArrowLeft');
  await page.getByRole('button', { name: 'New noise' }).click();
  await page.getByRole('radio', { name: 'To the prior’s shell' }).click();
  await expect(page.getByTestId('length')).toHaveText(/\|z\| 9\.9[78]; samples have 9\.98/);
  await page.getByRole('radio', { name: 'Controls' }).click();
  await expect(page.getByTestId('comparison')).toHaveCount(2);

  const undo = page.getByRole('button', { name: /^Undo/ });
  let steps = 0;
  while (await undo.isEnabled()) {
    await undo.click();
    steps += 1;
  }
  // The four presses on the slider are one step.
  expect(steps).toBe(7);
  await settled(page);
  expect(largestDifference(before, await readPicture(center(page)))).toBeLessThanOrEqual(SAME);
  await expect(words(page)).toHaveText(/smiling man/);
});

test('the link shows the same picture elsewhere', async ({ page, browser }) => {
  await openArithmetic(page);
  await preset(page, 'Glasses').click();
  await settled(page);
  // The result itself becomes an exemplar: exact numbers in the link.
  await dragTo(page, center(page), slots(groups(page).nth(2)).nth(1));
  await page.getByRole('button', { name: 'New noise' }).click();
  await settled(page);
  await page.waitForTimeout(500);
  const pictures: Picture[] = [];
  for (const canvas of await nine(page).all()) pictures.push(await readPicture(canvas));
  expect(page.url()).toMatch(/,z[A-Za-z0-9_-]{400,}/);

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(page.url());
  await settled(other);
  for (const [at, canvas] of (await nine(other).all()).entries()) {
    expect(largestDifference(pictures[at]!, await readPicture(canvas))).toBeLessThanOrEqual(SAME);
  }
  await elsewhere.close();
});

test('the exported figure has the layout of the paper; the JSON has the numbers', async ({
  page,
}) => {
  await openArithmetic(page);
  const drawn: Picture[] = [];
  for (const canvas of await nine(page).all()) drawn.push(await readPicture(canvas));
  const exemplar = await readPicture(slots(groups(page).nth(1)).nth(2).getByTestId('face'));

  await page.getByRole('button', { name: 'Export' }).click();
  const pngDownload = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Figure as PNG' }).click();
  const png = PNG.sync.read(await readDownload(await pngDownload));
  const layout = layoutFigure(
    [
      { sign: 1, name: 'Smiling woman', count: 3 },
      { sign: -1, name: 'Neutral woman', count: 3 },
      { sign: 1, name: 'Neutral man', count: 3 },
    ],
    { width: 64, height: 64 },
    2,
  );
  expect([png.width, png.height]).toEqual([layout.width, layout.height]);
  const apart = (picture: Picture, x: number, y: number) => {
    let most = 0;
    for (let row = 0; row < 128; row++) {
      for (let column = 0; column < 128; column++) {
        const from = (Math.floor(row / 2) * 64 + Math.floor(column / 2)) * 4;
        const to = ((y + row) * png.width + x + column) * 4;
        for (let c = 0; c < 3; c++) {
          most = Math.max(most, Math.abs(picture.data[from + c]! - png.data[to + c]!));
        }
      }
    }
    return most;
  };
  for (const face of layout.faces.filter(({ kind }) => kind === 'result')) {
    expect(apart(drawn[face.index]!, face.x, face.y)).toBeLessThanOrEqual(SAME);
  }
  const third = layout.faces.find(
    ({ kind, term, index }) => kind === 'exemplar' && term === 1 && index === 2,
  )!;
  expect(apart(exemplar, third.x, third.y)).toBeLessThanOrEqual(SAME);
  expect([...png.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);

  await page.getByRole('button', { name: 'Export' }).click();
  const jsonDownload = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Numbers as JSON' }).click();
  const json = JSON.parse((await readDownload(await jsonDownload)).toString()) as {
    kind: string;
    terms: { sign: number; z: number[][] }[];
    z: number[];
    neighbours: number[][];
    judge: { smile: number; woman: number };
  };
  expect(json.kind).toBe('latentarium-equation');
  expect(json.terms.map(({ sign, z }) => [sign, z.length])).toEqual([
    [1, 3],
    [-1, 3],
    [1, 3],
  ]);
  expect([json.z.length, json.neighbours.length]).toEqual([100, 8]);
  expect(json.judge.smile).toBeGreaterThan(0.5);
  expect(json.judge.woman).toBeLessThan(0.5);
});

test('how often it holds is measured, and can be cancelled', async ({ page }) => {
  test.slow();
  await openArithmetic(page);
  const hold = page.getByTestId('hold');
  await expect(hold).toContainText('woman below 0.5 and smile above 0.5');
  await hold.getByRole('button', { name: 'Measure' }).click();
  await hold.getByRole('button', { name: 'Cancel' }).click();
  await expect(hold.getByRole('button', { name: 'Measure' })).toBeVisible();

  await hold.getByRole('button', { name: 'Measure' }).click();
  await expect(hold.getByRole('progressbar')).toBeVisible();
  await expect(hold.locator('[data-kind="averaged"]')).toBeVisible({ timeout: 90_000 });
  const shares = await hold.locator('[data-kind]').evaluateAll((rows) =>
    rows.map((row) => {
      const [, share, low, high] = /(\d+) % \((\d+) to (\d+)\)/.exec(row.textContent ?? '') ?? [];
      return { share: Number(share), low: Number(low), high: Number(high) };
    }),
  );
  expect(shares).toHaveLength(3);
  for (const { share, low, high } of shares) {
    expect(low).toBeLessThanOrEqual(share);
    expect(high).toBeGreaterThanOrEqual(share);
  }
  console.log('holds:', JSON.stringify(shares));
  const [averaged, single] = shares;
  expect(averaged!.share).toBeGreaterThan(single!.share);
});

test('heads turn along a direction, and the direction is kept under a name', async ({ page }) => {
  await page.goto('./?backend=wasm#panel=arithmetic');
  await settled(page);
  await page.getByRole('tab', { name: 'Turn' }).click();
  const slope = page.getByTestId('slope');
  await expect(slope).toHaveText(/^\d+° a step on average, correlation 0\.\d\d$/, {
    timeout: 30_000,
  });
  const degrees = Number(/^\d+/.exec((await slope.textContent()) ?? '')?.[0]);
  expect(degrees).toBeGreaterThan(5);

  const live = page.getByTestId('rows').getByTestId('moved').first().getByTestId('face');
  const before = await readPicture(live);
  const slider = page.getByRole('slider', { name: 'Move the pictures' });
  await slider.focus();
  for (let steps = 0; steps < 10; steps++) await page.keyboard.press('ArrowRight');
  await expect
    .poll(async () => largestDifference(before, await readPicture(live)))
    .toBeGreaterThan(30);

  await page.getByLabel('Name of the direction').fill('Turn right');
  await page.getByRole('button', { name: 'Keep direction' }).click();
  const kept = await page.evaluate(() => window.latentarium.shelf.list());
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({ kind: 'direction', label: 'Turn right' });
  await expect(page.getByTestId('shelf-item')).toHaveAttribute('data-kind', 'direction');

  await page.getByRole('button', { name: 'Smile', exact: true }).click();
  await expect(page.getByTestId('curve')).toContainText('Smile, by step');
});

test('what is wrong is said in words, and nothing is lost', async ({ page }) => {
  await openArithmetic(
    page,
    '&eq=p~Women~l:smiling-woman.0,l:smiling-woman.999/p~Men~l:neutral-man.0',
  );
  await expect(page.getByText('Characters has no exemplar “Smiling woman 1000”.')).toBeVisible();
  await expect(page).toHaveURL(/smiling-woman\.999/);
  await settled(page);

  await page.evaluate(async () => {
    const shelf = window.latentarium.shelf;
    await shelf.add(window.latentarium.sample(1)[0]!, { label: 'Stranger' });
    const json = shelf.export();
    shelf.clear();
    const file = JSON.parse(json) as { items: { id: string; modelHash: string }[] };
    for (const item of file.items) {
      item.id = 'stranger';
      item.modelHash = 'f'.repeat(64);
    }
    shelf.import(JSON.stringify(file));
  });
  const stranger = page.getByTestId('shelf-item').filter({ hasText: 'Stranger' });
  await dragTo(page, stranger.getByRole('button').first(), slots(groups(page).nth(1)).first());
  await expect(
    page.getByText('“Stranger” was made with another model, so it was not taken.', { exact: true }),
  ).toBeVisible();
  await expect(page).toHaveURL(/p~Men~l:neutral-man\.0/);
});

test('a model of one’s own, without judge and library, works minus the meters', async ({
  page,
}) => {
  await openArithmetic(page);
  await page.evaluate(async () => {
    const answer = await fetch('models/digits-32/generator.safetensors');
    await window.latentarium.open(new File([await answer.blob()], 'mine.safetensors'));
  });
  await expect(words(page)).toHaveText('A − B + C');
  await settled(page);
  await expect(page.getByTestId('meters')).toHaveCount(0);
  await expect(page.getByTestId('hold')).toHaveCount(0);
  await tray(page).nth(4).click();
  await slotButton(slots(groups(page).first()).first()).click();
  await expect(page).toHaveURL(/eq=p~A~s1\.4/);
  await settled(page);
});

test('a shelf latent is put into a group by a click', async ({ page }) => {
  await openArithmetic(page);
  await page.getByRole('button', { name: 'Keep the result' }).click();
  const item = page.getByTestId('shelf-item');
  await expect(item).toHaveCount(1);
  const first = slots(groups(page).first()).first();
  await slotButton(first).click();
  await item.getByRole('button').first().click();
  await expect(slotButton(first)).toHaveAccessibleName(/^Kept face, place 1/);
  await expect(slotButton(slots(groups(page).first()).nth(1))).toHaveAttribute(
    'aria-pressed',
    'false',
  );
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`nothing for axe to find, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await openArithmetic(page);
    await expectAccessible(page, 'equation');
    await page.getByRole('radio', { name: 'Controls' }).click();
    await preset(page, 'New').click();
    await expectAccessible(page, 'empty equation');
    await page.getByRole('tab', { name: 'Turn' }).click();
    await expect(page.getByTestId('slope')).toHaveText(/correlation/, { timeout: 30_000 });
    await expectAccessible(page, 'turn');
    await context.close();
  });
}
