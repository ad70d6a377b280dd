import { expect, it } from 'vitest';
import type { ShelfItem } from '../../session/shelf';
import { filterItems, parseTags, tagsInUse } from './shelf-view';

const item = (label: string, tags: string[]): ShelfItem => ({
  v: 1,
  id: label,
  kind: 'latent',
  label,
  tags,
  modelHash: '0'.repeat(64),
  createdAt: '2026-01-01T00:00:00.000Z',
  data: { z: [0], thumbnail: '' },
});

const items = [item('Anna', ['smile', 'hat']), item('Bert', ['smile']), item('Cleo', [])];

it('filters by words in label, tags and kind', () => {
  expect(filterItems(items, 'SMILE').map((i) => i.label)).toEqual(['Anna', 'Bert']);
  expect(filterItems(items, 'smile hat').map((i) => i.label)).toEqual(['Anna']);
  expect(filterItems(items, ' ')).toBe(items);
  expect(filterItems(items, 'latent')).toHaveLength(3);
});

it('lists tags by use', () => {
  expect(tagsInUse(items)).toEqual(['smile', 'hat']);
});

it('reads tags from a line', () => {
  expect(parseTags(' a, b ,, a')).toEqual(['a', 'b']);
  expect(parseTags('')).toEqual([]);
});
