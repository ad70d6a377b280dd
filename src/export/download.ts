/** Hands a file to the visitor, as a click on a download link would. */
export function downloadBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.style.display = 'none';
  document.body.append(link);
  link.click();
  link.remove();
  // Browsers read the blob after the click has returned; a minute is long enough for all of them.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name that every file system takes: 'walk-characters-64-s7.gif'. */
export function fileName(parts: readonly (string | number)[], extension: string): string {
  const slug = parts
    .map((part) =>
      String(part)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, ''),
    )
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 120);
  return `${slug === '' ? 'latentarium' : slug}.${extension}`;
}
