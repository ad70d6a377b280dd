import { expect, it } from 'vitest';
import { placeTooltip } from './tooltip-place';

const room = { width: 400, height: 300 };
const size = { width: 100, height: 20 };

it('stands in the middle under its button', () => {
  expect(
    placeTooltip({ left: 180, top: 100, width: 40, height: 30 }, size, 'bottom', room),
  ).toEqual({ left: 150, top: 136 });
});

it('goes to the other side where there is no room', () => {
  expect(
    placeTooltip({ left: 180, top: 270, width: 40, height: 30 }, size, 'bottom', room).top,
  ).toBe(244);
  expect(placeTooltip({ left: 10, top: 100, width: 40, height: 30 }, size, 'left', room).left).toBe(
    56,
  );
});

it('never leaves the window', () => {
  expect(
    placeTooltip({ left: 370, top: 100, width: 30, height: 30 }, size, 'bottom', room).left,
  ).toBe(292);
  expect(placeTooltip({ left: 0, top: 100, width: 30, height: 30 }, size, 'top', room).left).toBe(
    8,
  );
});
