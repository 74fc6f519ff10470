import { Celery } from 'cadasta-workertoolbox';

export const signing = (): Celery =>
  new Celery('export', {
    settings: {
      task_serializer: 'auth',
      accept_content: ['auth'],
      security_key: 'worker.key',
      security_certificate: 'worker.pem',
      security_cert_store: 'trusted/*.pem',
    },
  }).setupSecurity();

export const encrypting = (keys: { readonly new: string; readonly old: string }): Celery =>
  new Celery('export', {
    settings: {
      message_encryption_keys: [
        { id: '2026-11', key: keys.new },
        { id: '2026-05', key: keys.old },
      ],
    },
  });

export const discreet = (app: Celery) =>
  app.task(
    'mail.send',
    { redact: ['text'] },
    (to: string, text: string) => `${to}: ${text.length} characters`,
  );
