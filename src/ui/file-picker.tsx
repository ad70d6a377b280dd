import { useRef, type ReactNode } from 'react';

interface FilePickerOptions {
  /** Name of the hidden field. */
  label: string;
  /** As `accept` of a file input; JSON when absent. */
  accept?: string;
  testId?: string;
  onFile: (file: File) => void;
}

/** The browser's own chooser of one file: put `field` anywhere, call `choose` from a button or a menu. */
export function useFilePicker(options: FilePickerOptions): {
  choose: () => void;
  field: ReactNode;
} {
  const { label, accept = '.json,application/json', testId, onFile } = options;
  const input = useRef<HTMLInputElement>(null);
  return {
    choose: () => input.current?.click(),
    field: (
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={label}
        data-testid={testId}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // So that the same file can be chosen again.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    ),
  };
}
