import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

/** A declaration that users of the library meet, with the text of its docstring. */
export interface Documented {
    /** Where it is: `NetworkArgs.cidr`, `ControlPlane`. */
    name: string;
    kind: "type" | "class" | "component" | "function" | "constant" | "field";
    optional: boolean;
    doc: string;
}

type Declaration =
    | ts.InterfaceDeclaration
    | ts.TypeAliasDeclaration
    | ts.ClassDeclaration
    | ts.FunctionDeclaration
    | ts.VariableStatement;

/** Types of Istio's and the Gateway API's fields: generated, with the texts of their schemas. */
const isGenerated = (file: string) => file.endsWith("specs.ts");

/** Everything that the file exports, and every type that is named by it on the way, with its fields. Read, not compiled. */
export function documentedBy(entry: string): Documented[] {
    const seen = new Set<Declaration>();
    const found: Documented[] = [];
    const reach = (file: string, name: string) => {
        const place = declarationOf(file, name);
        if (place && !seen.has(place.declaration) && !isGenerated(place.file)) {
            seen.add(place.declaration);
            found.push(...describe(name, place.declaration));
            namesIn(place.declaration).forEach((other) => reach(place.file, other));
        }
    };
    exportedNames(sourceOf(entry)).forEach((name) => reach(entry, name));
    return found;
}

/** The code of examples in a docstring. */
export function examplesIn({ doc }: Documented): string[] {
    const text = doc.replace(/^ *\* ?/gm, "");
    return [...text.matchAll(/@example\s+```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
}

const sources = new Map<string, ts.SourceFile>();

function sourceOf(file: string): ts.SourceFile {
    const known = sources.get(file);
    const source = known ?? ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
    sources.set(file, source);
    return source;
}

function exportedNames(source: ts.SourceFile): string[] {
    return source.statements.flatMap((statement) =>
        ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
            ? statement.exportClause.elements.map(({ name }) => name.text)
            : [],
    );
}

/** Where a name that a file uses is declared: in the file, or in one that it imports it from. */
function declarationOf(file: string, name: string): { file: string; declaration: Declaration } | undefined {
    for (const statement of sourceOf(file).statements) {
        if (isDeclaration(statement) && declaredName(statement) === name) {
            return { file, declaration: statement };
        }
        const from = sourceOfName(statement, name);
        if (from?.startsWith(".")) {
            return declarationOf(moduleFile(file, from), name);
        }
    }
    return undefined;
}

function isDeclaration(node: ts.Node): node is Declaration {
    return (
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isClassDeclaration(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isVariableStatement(node)
    );
}

function declaredName(declaration: Declaration): string | undefined {
    return ts.isVariableStatement(declaration)
        ? declaration.declarationList.declarations[0]?.name.getText()
        : declaration.name?.text;
}

/** The module that a statement takes a name from; that of all names, with `export *`. */
function sourceOfName(statement: ts.Statement, name: string): string | undefined {
    const isFrom = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    if (!isFrom || !statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) {
        return undefined;
    }
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    const named = bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? bindings.elements : [];
    return [...named].some((element) => element.name.text === name) ? statement.moduleSpecifier.text : undefined;
}

function moduleFile(from: string, specifier: string): string {
    const file = path.resolve(path.dirname(from), specifier);
    const candidates = [`${file}.ts`, path.join(file, "index.ts")];
    return candidates.find((candidate) => ts.sys.fileExists(candidate))!;
}

/** Names of types, of which some are declared in this repository. Not those of what functions do inside. */
function namesIn(declaration: Declaration): string[] {
    const names: string[] = [];
    const visit = (node: ts.Node): void => {
        if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
            names.push((ts.isTypeReferenceNode(node) ? node.typeName : node.expression).getText());
        }
        if (!ts.isBlock(node)) {
            ts.forEachChild(node, visit);
        }
    };
    visit(declaration);
    return names;
}

function describe(name: string, declaration: Declaration): Documented[] {
    const kind = ts.isClassDeclaration(declaration)
        ? classKind(declaration)
        : ts.isFunctionDeclaration(declaration)
          ? "function"
          : ts.isVariableStatement(declaration)
            ? "constant"
            : "type";
    const fields: Documented[] = [];
    const visit = (node: ts.Node, owner: string): void => {
        const isField =
            ts.isPropertySignature(node) || (ts.isPropertyDeclaration(node) && !isHidden(node)) ? node : undefined;
        const at = isField ? `${owner}.${isField.name.getText()}` : owner;
        if (isField) {
            const optional = isField.questionToken !== undefined;
            fields.push({ name: at, kind: "field", optional, doc: docOf(isField) });
        }
        if (!ts.isBlock(node)) {
            ts.forEachChild(node, (child) => visit(child, at));
        }
    };
    if (kind !== "function" && kind !== "constant") {
        visit(declaration, name);
    }
    return [{ name, kind, optional: false, doc: docOf(declaration) }, ...fields];
}

function classKind(declaration: ts.ClassDeclaration): "class" | "component" {
    const bases = declaration.heritageClauses?.flatMap(({ types }) =>
        types.map(({ expression }) => expression.getText()),
    );
    return bases?.includes("Component") ? "component" : "class";
}

function isHidden(node: ts.PropertyDeclaration): boolean {
    const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
    return node.modifiers?.some((modifier) => hidden.includes(modifier.kind)) ?? false;
}

function docOf(node: ts.Node): string {
    return ts
        .getJSDocCommentsAndTags(node)
        .map((comment) => comment.getText())
        .join("\n");
}
