import { paintCanvas } from '../../ui/image-canvas';
import type { Picture } from './gallery';

/** A picture as PNG data URL, for the shelf and for what is dragged; '' where there is none. */
export function pictureDataUrl(picture: Picture | undefined): string {
  if (!picture) return '';
  const canvas = document.createElement('canvas');
  paintCanvas(canvas, picture.rgba, picture.width, picture.height);
  return canvas.toDataURL('image/png');
}
