/** Tiles, one of them struck out. */
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
      <path d="M3.5 3.5h5.5v5.5H3.5zM11 11h5.5v5.5H11zM3.5 11h5.5v5.5H3.5zM11 9l5.5-5.5M11 3.5h5.5V9H11z" />
    </svg>
  );
}
