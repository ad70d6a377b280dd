/** The worker behind data-input.ts. */
import { readImages } from '../data/read-images';
import { resizeImages } from '../data/resize-images';
import { serveRpc } from '../lib/rpc';
import type { DataApi } from './data-input';

serveRpc<DataApi>(self, {
  async read(request, { signal, onProgress, transfer }) {
    const answer = await readImages(request, { signal, onProgress });
    transfer(answer.images.data.buffer);
    return answer;
  },
  resize({ images, size, channels }, { transfer }) {
    const resized = resizeImages(images, size, channels);
    transfer(resized.data.buffer);
    return resized;
  },
});
