/** The page's own icons: 20×20, 1.5 px strokes in currentColor, hidden from assistive technology. */
import type { ReactNode } from 'react';

function Icon(props: { children: ReactNode }) {
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
      {props.children}
    </svg>
  );
}

const path = (d: string) => () => (
  <Icon>
    <path d={d} />
  </Icon>
);

export const AddIcon = path('M10 4v12M4 10h12');
export const CheckIcon = path('M4 10.5l4 4 8-9');
export const ChevronDownIcon = path('M5 8l5 5 5-5');
export const ChevronUpIcon = path('M5 12l5-5 5 5');
export const ChevronLeftIcon = path('M12 5l-5 5 5 5');
export const ChevronRightIcon = path('M8 5l5 5-5 5');
export const CloseIcon = path('M5 5l10 10M15 5L5 15');
export const CopyIcon = path('M7 7h9v9H7zM4 13V4h9');
export const DownloadIcon = path('M10 3v9m-4-3.5l4 4 4-4M4 16.5h12');
export const UploadIcon = path('M10 13V4M6 7.5l4-4 4 4M4 16.5h12');
export const GridIcon = path('M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 11h5v5h-5z');
export const InfoIcon = path(
  'M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5zM10 9.25v4.25M10 6.5v0',
);
export const KeepIcon = path('M5.5 3h9v14L10 13.25 5.5 17z');
export const KeyboardIcon = path(
  'M2.5 5.5h15v9h-15zM5.5 8.5v0M8.5 8.5v0M11.5 8.5v0M14.5 8.5v0M7 11.75h6',
);
export const LectureIcon = path('M3 4h14v9H3zM10 13v2.5M6.5 17l3.5-1.5 3.5 1.5');
export const LinkIcon = path(
  'M8.5 11.5l3-3M9 6.5l2-2a3.2 3.2 0 0 1 4.5 4.5l-2 2M11 13.5l-2 2A3.2 3.2 0 0 1 4.5 11l2-2',
);
/** Tiles, one of them struck out. */
export const FiltersIcon = path(
  'M3.5 3.5h5.5v5.5H3.5zM11 11h5.5v5.5H11zM3.5 11h5.5v5.5H3.5zM11 9l5.5-5.5M11 3.5h5.5V9H11z',
);
export const MenuIcon = () => (
  <Icon>
    <path d="M4.5 10v0M10 10v0M15.5 10v0" strokeWidth="2.75" />
  </Icon>
);
export const NotesIcon = path('M5 3.5h10v13H5zM7.5 7h5M7.5 10h5M7.5 13h3');
export const PauseIcon = path('M7 4.5v11M13 4.5v11');
export const PlayIcon = path('M6.5 4l9 6-9 6z');
export const ResetIcon = path('M4.5 4v4h4M4.8 8A6 6 0 1 1 4 11');
export const SearchIcon = path('M9 14A5 5 0 1 0 9 4a5 5 0 0 0 0 10zM12.75 12.75L16.5 16.5');
export const ShuffleIcon = path(
  'M3 6h3l7 8h4M3 14h3l2-2.25M11 8.25L13 6h4M15 4l2 2-2 2M15 12l2 2-2 2',
);
export const StepBackIcon = path('M14.5 4.5v11L7 10zM5 4.5v11');
export const StepForwardIcon = path('M5.5 4.5v11L13 10zM15 4.5v11');
export const SunIcon = path(
  'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 2.5v1M10 16.5v1M2.5 10h1M16.5 10h1M4.7 4.7l.7.7M14.6 14.6l.7.7M15.3 4.7l-.7.7M5.4 14.6l-.7.7',
);
export const MoonIcon = path('M16 12A6.75 6.75 0 0 1 8 4a6.5 6.5 0 1 0 8 8z');
/** Plus over minus. */
export const ArithmeticIcon = path('M10 3v8M6 7h8M6 16h8');
/** Maps that grow: 4×4, 8×8, 16×16. */
export const ArchitectureIcon = path(
  'M2.5 8.5h3v3h-3zM7.5 6.5h4v7h-4zM13.5 3.5h4v13h-4zM5.5 10h2M11.5 10h2',
);
export const AutoThemeIcon = path('M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14');
export const TrashIcon = path('M4 5.5h12M8 5V3.5h4V5M5.5 5.5l.75 11h7.5l.75-11');
/** A loss that falls, step by step. */
export const TrainIcon = path('M3.5 3v13.5H17M6 5.5l2 5 2-2 2 4.5 2.5-1L17 13');
export const WalkIcon = path('M3 15c3 0 2.5-9 6-9s3 7 8 5M3 15v0M9 6v0M17 11v0');
export const WarningIcon = path('M10 3.5l7.5 13h-15zM10 8.5v4M10 14.5v0');
