import { inflateSync } from 'node:zlib';

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
const inflated = (base64: string): Buffer => inflateSync(bytes(base64));

/** `b'hello ' * 100` as Python's modules compress it. */
export const HELLO: readonly (readonly [header: string, packed: Buffer])[] = [
  ['application/x-bz2', bytes('QlpoOTFBWSZTWfumFsIAAJWRAEAAAkSgADDNAFKjGkWEXyLCLRFwu5IpwoSH3TC2EA==')],
  [
    'application/x-lzma',
    bytes(
      '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AJXAA9dADQZSe6N6V/B8PcWPQzAAAAABEc9RlF3TlAAASvYBAAAAOeC2ZixxGf7AgAAAAAEWVo=',
    ),
  ],
  ['application/zstd', bytes('KLUv/WBYAW0AADBoZWxsbyABAE9SlSI=')],
  // A stream whose size was not known beforehand.
  ['application/zstd', bytes('KLUv/QBYbQAAMGhlbGxvIAEAT1KVIg==')],
];

/** 50 MiB of zeros (xz: 12 MiB), themselves deflated. */
export const BOMBS: readonly (readonly [header: string, packed: Buffer])[] = [
  [
    'application/x-bz2',
    inflated(
      'eNpzisqwNHSMVAuO5ON8dJ8xvs+B4QADA4cCg0GDr5vTAtWVXA3TIfJv/lSnMRgxJ4DkGRpAKs6wai4L4NimxSjevVNpjoZHRfn9HAYA6UgZDA==',
    ),
  ],
  [
    'application/x-lzma',
    inflated(
      'eNr7a14VEcXAwPLs2hY3JgZFRjEGBoYS/aeL//8XZMyJZWDI//v//+Lt/93tPESLLBMDd0zSeLa4jf3nuydyTZf1j1rZMHpvrDvZ1eWrv5j3Zv2yxz3KgsEPIiWOlnY9Kv+xbUo9T9aBeyWeKY9exgRvYrnx3YVndTxvrtvLp4fLOrZPC1+zzfdhpmz+b+8OgRyn0x32MQz9F/zWq2lMKZS37Vd5WDBvuXL8G43TrRenzuiq05r4Sb30u+QBthm+M/7eWH91Av8R1eAfXyeaGbIu3fAu/2CBrzvPxYmCq9YmyO46t1FdIiay7WVaUMS+l2VrIp88jWbl+Hn81to/v4O0S87KRSs4/bwbbPtDM4XTuuG0Vs79rdYfjuzVi1/Fb+ed5jRBmO+/wOQfhRWRP7jP/p+q4ca/8k/Nvd+zDPTCDvS3fm5uPJBKZav3eKg/i5j/X4BRm+FNcfDyv/vW1RhKzd/ea5g3csKANKsD+e03jQbYaICNBthogA3lAGtgncHAyrCIc2YYA8MW0y1reE4/T2Fg7OBvaGhgq3HNyt14JP03E7BOZmCJjAIAmO/Rtw==',
    ),
  ],
  ['application/zstd', inflated('eNrT2Kr/tyGCgUGBOYSBQYCBgZHh93/LA0xMQPYoHsWjeBSP4lFMLGYGYgCGKiJu')],
  ['application/zstd', inflated('eNrT2Kr/lyEihIFBgIGBkeH3f8sDTExA9igexaN4FI/iUUwKZmRgAADeBSHL')],
];

/** `hello`, in xz that asks for a dictionary of 1.5 GiB. */
export const GREEDY_XZ = inflated(
  'eNr7a14VEcXAwPLs2hY3JgZFRlUGBgbrimpHRgaWjNScnHwgl2Gj+c7bT2/JzWZglGXdoduwXn7b51pGkARLZBQAcRwTFA==',
);
