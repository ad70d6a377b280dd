/** Maps that grow: 4×4, 8×8, 16×16. */
export function ArchitectureIcon() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" aria-hidden>
      <path d="M2.5 8.5h3v3h-3zM7.5 6.5h4v7h-4zM13.5 3.5h4v13h-4z" strokeWidth="1.5" />
      <path d="M5.5 10h2M11.5 10h2" strokeWidth="1.5" />
    </svg>
  );
}
