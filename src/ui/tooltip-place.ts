/** Where a tooltip goes. Pure; CSS pixels of the window. */

export type TooltipSide = 'top' | 'right' | 'bottom' | 'left';

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const GAP = 6;
const MARGIN = 8;

/** The corner of a tooltip of this size beside its button: on the other side where there is no room. */
export function placeTooltip(
  button: Box,
  size: { width: number; height: number },
  side: TooltipSide,
  room: { width: number; height: number },
): { left: number; top: number } {
  const middle = button.left + button.width / 2 - size.width / 2;
  const center = button.top + button.height / 2 - size.height / 2;
  const places: Record<TooltipSide, { left: number; top: number }> = {
    top: { left: middle, top: button.top - GAP - size.height },
    bottom: { left: middle, top: button.top + button.height + GAP },
    left: { left: button.left - GAP - size.width, top: center },
    right: { left: button.left + button.width + GAP, top: center },
  };
  const fits = ({ left, top }: { left: number; top: number }) =>
    side === 'top' || side === 'bottom'
      ? top >= 0 && top + size.height <= room.height
      : left >= 0 && left + size.width <= room.width;
  const place = fits(places[side]) ? places[side] : places[OPPOSITE[side]];
  const clamp = (value: number, most: number) => Math.max(MARGIN, Math.min(value, most - MARGIN));
  return {
    left: clamp(place.left, room.width - size.width),
    top: clamp(place.top, room.height - size.height),
  };
}

const OPPOSITE: Record<TooltipSide, TooltipSide> = {
  top: 'bottom',
  bottom: 'top',
  left: 'right',
  right: 'left',
};
