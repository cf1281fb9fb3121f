import { isMap } from "../../plan/model";

/** Names of the images of containers, wherever they stand in objects. */
export function imagesIn(value: unknown): string[] {
    if (Array.isArray(value)) {
        return value.flatMap(imagesIn);
    }
    return isMap(value)
        ? Object.entries(value).flatMap(([key, inner]) =>
              /^(init|ephemeral)?containers$/i.test(key) && Array.isArray(inner)
                  ? inner.map((container: { image?: unknown }) => String(container.image))
                  : imagesIn(inner),
          )
        : [];
}

/** Whether an image's name begins with a registry. Without one CRI-O from 1.34 on, and so OKE, refuses it. */
export function namesRegistry(image: string): boolean {
    const [registry = "", ...path] = image.split("/");
    return path.length > 0 && (/[.:]/.test(registry) || registry === "localhost");
}
