/**
 * Pictures of the visitor's own or of the page become one ImageSet. Runs in a worker: files go in, bytes
 * and a report come out. Nothing is uploaded anywhere.
 */
import type { ImageSet } from '../model/image-set';
import type { TrainingSize } from '../model/training';

/** A file with its folders where they are known. */
export interface DataFile {
  name: string;
  file: Blob;
}

/** Where pictures come from. */
export type DataSource =
  /** Pictures, folders, zips of pictures, one sprite sheet, IDX (MNIST; gzipped or not), CIFAR-10 binary: told apart by content. */
  | { kind: 'files'; files: DataFile[] }
  /** A set of public/datasets: its files as fetched. */
  | { kind: 'bundled'; id: string; files: DataFile[] }
  /** Digits that are drawn by data/digits.ts. */
  | { kind: 'digits'; count: number; seed: number };

export interface ReadImagesRequest {
  source: DataSource;
  size: TrainingSize;
  /** null: grey where all pictures are, else color. */
  channels: 1 | 3 | null;
  /** How what is not square becomes square: the central square, or all of it on a background. */
  framing: 'crop' | 'fit';
  /** One sprite sheet: the side of its tiles in pixels; null: found out, or no sprite sheet at all. */
  tile: number | null;
  /** Of the order: sets are shuffled, so that any first part of one is a fair sample. */
  seed: number;
}

/** A file that could not be used, and why, in words. */
export interface RefusedFile {
  name: string;
  reason: string;
}

export interface ReadImagesAnswer {
  /** 4 to 50,000, shuffled. Handed over. */
  images: ImageSet;
  report: {
    /** Pictures found in all files. */
    found: number;
    /** What the files were taken for, in words: '40 pictures', 'IDX, 28×28, grey', 'sprite sheet of 16×16 tiles'. */
    format: string;
    /** Names of pictures that are the same, pixel by pixel, as one before them; left out of the set. */
    duplicates: string[];
    refused: RefusedFile[];
    /** Pictures beyond 50,000 that were left out. */
    leftOut: number;
  };
}
