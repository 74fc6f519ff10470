import { SqsError } from '../errors.js';
import type { Protocol } from './protocol.js';

const TARGET = /^AmazonSQS\.([A-Za-z]{1,64})$/;
const CONTENT_TYPE = 'application/x-amz-json-1.0';

/** AWS JSON 1.0, what the SDKs speak since the end of 2023: the action in `X-Amz-Target`, everything else in the body. */
export const jsonProtocol: Protocol = {
  parse({ headers, body }) {
    const action = TARGET.exec(String(headers['x-amz-target']))?.[1];
    if (action === undefined)
      throw new SqsError('UnknownOperationException', 'X-Amz-Target names no action.');
    let values: unknown;
    try {
      values = JSON.parse(body === '' ? '{}' : body);
    } catch {
      throw new SqsError('SerializationException', 'The body of the request is not JSON.');
    }
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new SqsError('SerializationException', 'The body of the request is not a JSON object.');
    }
    return { action, values: values as Record<string, unknown> };
  },

  renderResult: (_action, result, requestId) => ({
    status: 200,
    headers: { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': requestId },
    body: JSON.stringify(result),
  }),

  renderError: (error, requestId) => ({
    status: error.status,
    headers: {
      'content-type': CONTENT_TYPE,
      'x-amzn-requestid': requestId,
      // The name the error has in the Query protocol: programs written for it go on matching that.
      'x-amzn-query-error': `${error.code};${error.fault}`,
    },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${error.name}`, message: error.message }),
  }),
};
