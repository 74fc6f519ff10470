/** What AWS' Extended Client Libraries write in place of a body kept in S3 (software.amazon.payloadoffloading). */
const S3_CLASS = 'software.amazon.payloadoffloading.PayloadS3Pointer';
/** Ours, for a body kept in a folder. */
const FILE_CLASS = 'cadasta.workertoolbox.PayloadFilePointer';

export interface BucketPlace {
  readonly bucket: string;
  readonly key: string;
}

export const bucketPointer = ({ bucket, key }: BucketPlace): string =>
  JSON.stringify([S3_CLASS, { s3BucketName: bucket, s3Key: key }]);

export const filePointer = (file: string): string => JSON.stringify([FILE_CLASS, { file }]);

/** True for a text that stands for another. */
export const isPointer = (text: string): boolean =>
  text.startsWith(`["${S3_CLASS}"`) || text.startsWith(`["${FILE_CLASS}"`);

export function bucketPlace(pointer: string): BucketPlace | undefined {
  const { s3BucketName: bucket, s3Key: key } = fieldsOf(pointer, S3_CLASS);
  return typeof bucket === 'string' && typeof key === 'string' ? { bucket, key } : undefined;
}

export function fileOf(pointer: string): string | undefined {
  const { file } = fieldsOf(pointer, FILE_CLASS);
  return typeof file === 'string' ? file : undefined;
}

function fieldsOf(pointer: string, wanted: string): Readonly<Record<string, unknown>> {
  try {
    const [kind, fields] = JSON.parse(pointer) as readonly unknown[];
    return kind === wanted && typeof fields === 'object' && fields !== null
      ? (fields as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

const SEPARATOR = '\n';

/** The receipt of a message whose body is kept outside says where: its end is the end of both. */
export const withPointer = (receipt: string, pointer: string): string => receipt + SEPARATOR + pointer;

export function readReceipt(receipt: string): { readonly handle: string; readonly pointer?: string } {
  const at = receipt.indexOf(SEPARATOR);
  return at < 0 ? { handle: receipt } : { handle: receipt.slice(0, at), pointer: receipt.slice(at + 1) };
}
