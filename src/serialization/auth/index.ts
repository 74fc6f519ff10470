export { type AuthOptions, registerAuth } from './auth-codec.js';
export { CertificateStore } from './certificate-store.js';
export { SigningKey } from './signing-key.js';
export { TrustedCertificate } from './trusted-certificate.js';
