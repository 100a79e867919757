const ADMIN_KEY = /^[\x21-\x7e]{24,256}$/;

/** The allowed values of the administrator's key, for error messages. */
export const ADMIN_KEY_FORM =
  '24 to 256 printable ASCII characters without spaces, as `openssl rand -base64 32` prints them';

export const isAdminKey = (text: string): boolean => ADMIN_KEY.test(text);
