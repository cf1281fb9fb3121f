import { z } from "zod";

/** A request header by its name, as HTTP/2 writes it. */
export const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, "a header's name in lower case");
