import { buildFunctionalTests } from 'cadasta-workertoolbox/testing';
import { app } from './app.js';

buildFunctionalTests(app, { isWorker: true });
