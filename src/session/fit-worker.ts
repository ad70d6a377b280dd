/** The worker behind fitting.ts. */
import { serveRpc } from '../lib/rpc';
import { fitHeldOut, type FitApi } from './fitting';

serveRpc<FitApi>(self, { fit: fitHeldOut });
