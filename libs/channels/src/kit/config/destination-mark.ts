/**
 * The mark of a field that is part of an endpoint's destination, `.meta({ destination: 'origin' })`. It says which values
 * of the field are the same destination:
 * - `origin`: URLs with the same scheme, host and port
 * - `host`: the same host name or IP address
 * - `addresses`: no `host:port` in the list that was not in it before
 * - `value`: the same value
 * - `{ port, portWith }`: the same port, where absent means the default port, which may depend on another field
 * - `{ weakestFirst }`: a value that protects at least as well
 */
export type DestinationMark =
  | 'origin'
  | 'host'
  | 'addresses'
  | 'value'
  | { readonly port: number; readonly portWith?: PortWith }
  | { readonly weakestFirst: readonly unknown[] };

/** The default port for one value of another field of the same object. */
export interface PortWith {
  readonly field: string;
  readonly value: unknown;
  readonly port: number;
}
