import { writeResources } from './resources.js';
import { writeShapefile } from './shapefile.js';
import { writeSpreadsheet } from './spreadsheet.js';
import type { Writer } from './writer.js';

/** What a user of the platform may ask for. */
export const OUTPUT_TYPES = ['all', 'shp', 'xls', 'res'] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

/** What is written: `all` is every one of these. */
export type Part = Exclude<OutputType, 'all'>;

export const WRITERS: Readonly<Record<Part, Writer>> = {
  shp: writeShapefile,
  xls: writeSpreadsheet,
  res: writeResources,
};

/** The parts that an output type consists of. */
export const partsOf = (type: OutputType): readonly Part[] =>
  type === 'all' ? ['shp', 'xls', 'res'] : [type];
