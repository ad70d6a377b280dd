/** What of the shelf is seen: pure functions over its items. */
import type { ShelfItem } from '../../session/shelf';

/** Items whose label, tags or kind contain every word of the query. */
export function filterItems(items: readonly ShelfItem[], query: string): readonly ShelfItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items.filter((item) => {
    const text = [item.label, item.kind, ...item.tags].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** All tags in use, the most used first. */
export function tagsInUse(items: readonly ShelfItem[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of items.flatMap((item) => item.tags)) {
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([tag]) => tag);
}

/** Tags from a line of text: separated by commas, each once. */
export function parseTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim().slice(0, 50));
  return [...new Set(tags.filter(Boolean))].slice(0, 50);
}
