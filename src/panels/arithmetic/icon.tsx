/** Plus over minus, as on the nav rail's other icons: 20×20, 1.5 px strokes. */
export function Icon() {
  return (
    <svg
      viewBox="0 0 20 20"
      width="1.25em"
      height="1.25em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M10 3v8M6 7h8M6 16h8" />
    </svg>
  );
}
