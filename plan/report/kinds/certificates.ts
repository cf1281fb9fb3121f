import { expiryWords, validityWords } from "../../mesh/validity";
import { at } from "../../model";
import { list, prefixed } from "../../words";
import type { Facts } from "./facts";

export const certificateFacts: Facts = {
    PrivateKey: (inputs) => [at(inputs, "algorithm"), at(inputs, "ecdsaCurve")],
    SelfSignedCert: (inputs) => [validityWords(inputs)],
    CertRequest: (inputs) => [prefixed("for ", list(at(inputs, "dnsNames")) || at(inputs, "subject", "commonName"))],
    LocallySignedCert: (inputs) => [validityWords(inputs)],
    Secret: (inputs) => [expiryWords(inputs)],
    Certificate: (inputs) => [
        prefixed("for ", list(at(inputs, "spec", "dnsNames"))),
        prefixed("by ", at(inputs, "spec", "issuerRef", "kind")),
        at(inputs, "spec", "issuerRef", "name"),
    ],
};
