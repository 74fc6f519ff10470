"""Makes a CA, and certificates that it signed, in the folder given: NAME.key, NAME.pem for each further argument.

A name may be followed by `=expired`, `=password` (the key is locked with `secret`), `=ec` (no RSA key), and by `=4096`.
"""

import datetime
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

folder = pathlib.Path(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)
day = datetime.timedelta(days=1)


def name(*values):
    kinds = (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in zip(kinds, values)])


issuer = name('DE', 'Müller, Söhne + Co; "x"=\\y', 'Test CA')
ca = rsa.generate_private_key(65537, 2048)


def certificate(subject, key, ends):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 30 * day)
        .not_valid_after(ends)
        .sign(ca, hashes.SHA256())
    )


for argument in sys.argv[2:]:
    who, _, kind = argument.partition('=')
    key = ec.generate_private_key(ec.SECP256R1()) if kind == 'ec' else rsa.generate_private_key(65537, 4096 if kind == '4096' else 2048)
    made = certificate(name('DE', 'Test', who), key, now - day if kind == 'expired' else now + 30 * day)
    lock = serialization.BestAvailableEncryption(b'secret') if kind == 'password' else serialization.NoEncryption()
    (folder / f'{who}.key').write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    )
    (folder / f'{who}.pem').write_bytes(made.public_bytes(serialization.Encoding.PEM))
