/** A loss that falls, step by step. */
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
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M3.5 3v13.5H17M6 5.5l2 5 2-2 2 4.5 2.5-1L17 13" />
    </svg>
  );
}
