import type { Location, Party, Relationship, Resource } from '../src/project.js';
import { drawOutline, printPage } from './files.js';
import type { Random } from './random.js';

export interface Attachment {
  readonly resource: Resource;
  readonly content: Buffer;
}

interface Records {
  readonly locations: readonly Location[];
  readonly parties: readonly Party[];
  readonly relationships: readonly Relationship[];
}

const at = <T>(list: readonly T[], index: number): T => list[index] as T;

/** Twelve files: sketches, statements, minutes, a list of beacons, a deed. Two people called theirs the same. */
export function makeAttachments(
  random: Random,
  { locations, parties, relationships }: Records,
): Attachment[] {
  const attachments: Attachment[] = [];
  const add = (
    original: string,
    [name, description]: readonly [string, string],
    mime: string,
    content: Buffer | string,
    ...links: readonly Resource['links'][number][]
  ): void => {
    const id = random.id();
    const extension = original.slice(original.lastIndexOf('.'));
    attachments.push({
      content: Buffer.from(content),
      resource: {
        id,
        name,
        description,
        original_file: original,
        file: id + extension,
        mime_type: mime,
        links: [...links],
      },
    });
  };
  const place = (location: Location): Resource['links'][number] => ({
    type: 'locations',
    id: location.properties.id,
  });
  const number = (location: Location): string => String(location.properties.attributes.parcel_number);

  for (const index of [5, 9, 18]) {
    const location = at(locations, index);
    add(
      'sketch.png',
      [`Sketch of ${number(location)}`, 'Drawn on site, north is up.'],
      'image/png',
      drawOutline(location.geometry),
      place(location),
    );
  }
  for (const index of [2, 7, 14]) {
    const [party, location] = [at(parties, index), at(locations, index)];
    add(
      `statement ${index}.txt`,
      [`Statement of ${party.name}`, 'Read back and confirmed before two witnesses.'],
      'text/plain',
      `I, ${party.name}, have worked the land known as ${number(location)} for ${5 + index} years.\n` +
        'The boundary to the north is the old hedge, and to the south the path to the spring.\n' +
        'No one else has asked for it in that time.\n',
      { type: 'parties', id: party.id },
      place(location),
    );
  }
  for (const index of [1, 6]) {
    const relationship = at(relationships, index);
    add(
      `deed-${index}.pdf`,
      [`Deed ${index} of 2025`, 'Scanned at the county office.'],
      'application/pdf',
      printPage([
        'Ngara Valley - certificate of customary right',
        `Parcel ${number(at(locations, index))}, entered under ${relationship.id}`,
        'Given by the land committee (in public session), 14 May 2025.',
      ]),
      { type: 'tenurerelationship', id: relationship.id },
    );
  }
  add(
    'minutes.txt',
    ['Minutes of the land committee', 'Session of 14 May 2025.'],
    'text/plain',
    'Present: nine of eleven members.\n1. The eastern boundary stays in dispute; a walk is set for June.\n' +
      '2. The pond is nobody’s, and open to all.\n3. Maandalizi ya ramani mpya yamekubaliwa.\n',
  );
  add(
    'beacons.csv',
    ['Beacons', 'Corners as measured, WGS 84.'],
    'text/csv',
    `parcel,longitude,latitude\n${locations
      .slice(0, 10)
      .map((location) => `${number(location)},${location.geometry.coordinates.flat(9).slice(0, 2).join(',')}`)
      .join('\n')}\n`,
    ...locations.slice(0, 10).map(place),
  );
  add(
    'track.gpx',
    ['Walk of the boundary', 'Recorded on the walk of 3 June 2025.'],
    'application/gpx+xml',
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="survey" xmlns="http://www.topografix.com/GPX/1/1">' +
      `<trk><name>Boundary</name><trkseg>${locations
        .slice(0, 8)
        .map((location) => location.geometry.coordinates.flat(9).slice(0, 2))
        .map(([longitude, latitude]) => `<trkpt lat="${latitude}" lon="${longitude}"/>`)
        .join('')}</trkseg></trk></gpx>\n`,
  );
  add(
    'Mpango wa matumizi ya ardhi – rasimu.txt',
    ['=Land use plan, draft', 'Second reading, "open" points marked.'],
    'text/plain',
    'Upper meadow: grazing, April to October.\nEastern spring: no building within 30 m.\nRoad reserve: 9 m.\n',
    place(at(locations, 39)),
  );
  return attachments;
}
