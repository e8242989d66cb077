using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FocalSharp.Conventions.Tests.Words;

/// <summary>Finds the declared identifiers, the string literals and the comments of a C# file.</summary>
internal static class CSharpScanner
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>Returns the declared identifiers and their lines.</summary>
    public static IEnumerable<(int Line, string Name)> Names(string source) =>
        from token in Parse(source).DescendantTokens()
        where token.IsKind(SyntaxKind.IdentifierToken) && IsDeclaration(token)
        select (Line(token.GetLocation()), token.ValueText);

    /// <summary>Returns the lines of comments.</summary>
    public static IEnumerable<(int Line, string Text)> Comments(string source) =>
        Parse(source).DescendantTrivia().Where(IsComment).SelectMany(comment => Lines(comment.GetLocation(), comment.ToFullString()));

    /// <summary>Returns the lines of string literals and of the text parts of interpolated strings.</summary>
    public static IEnumerable<(int Line, string Text)> Strings(string source) =>
        Parse(source).DescendantTokens().Where(IsString).SelectMany(token => Lines(token.GetLocation(), token.Text));

    private static SyntaxNode Parse(string source) => CSharpSyntaxTree.ParseText(SourceText.From(source), Options).GetRoot();

    private static bool IsDeclaration(SyntaxToken token) => token.Parent switch
    {
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or MethodDeclarationSyntax or PropertyDeclarationSyntax => true,
        EventDeclarationSyntax or EnumMemberDeclarationSyntax or VariableDeclaratorSyntax or ParameterSyntax => true,
        TypeParameterSyntax or SingleVariableDesignationSyntax or LocalFunctionStatementSyntax or ForEachStatementSyntax => true,
        CatchDeclarationSyntax or TupleElementSyntax or FromClauseSyntax or LetClauseSyntax or JoinClauseSyntax => true,
        IdentifierNameSyntax { Parent: BaseNamespaceDeclarationSyntax or NameEqualsSyntax { Parent: AnonymousObjectMemberDeclaratorSyntax } } => true,
        IdentifierNameSyntax { Parent: QualifiedNameSyntax } name => name.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Any(space => space.Name.Span.Contains(name.Span)),
        _ => false,
    };

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static bool IsString(SyntaxToken token) => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
        or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8StringLiteralToken
        or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken;

    private static int Line(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;

    private static IEnumerable<(int Line, string Text)> Lines(Location location, string text)
    {
        int first = Line(location);
        return text.Split('\n').Select((line, offset) => (first + offset, line.Trim()));
    }
}
