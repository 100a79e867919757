export {
  type ReadAlert,
  type Reading,
  type Source,
  type SourceHeaders,
  type SourceHttp,
  type SourceRequest,
  UnknownPayload,
} from './source.js';
export * from './sources.js';
