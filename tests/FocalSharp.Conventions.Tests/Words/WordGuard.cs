using System.Text.RegularExpressions;

namespace FocalSharp.Conventions.Tests.Words;

/// <summary>Applies the rules to files.</summary>
internal static partial class WordGuard
{
    /// <summary>Returns the findings of one file.</summary>
    public static IEnumerable<Finding> Scan(WordRules rules, string file, string source)
    {
        List<(int Line, string Text)> names = [.. file.Split('/').Select(part => (0, part.Split('.') is ["FocalSharp", ..] ? part : part.Split('.')[0]))];
        List<(int Line, string Text)> texts = [];
        if (RepositoryFiles.IsCSharp(file))
        {
            names.AddRange(CSharpScanner.Names(source));
            texts.AddRange(CSharpScanner.Comments(source));

            // The strings of tests hold hostile input, former names and quotations.
            if (!file.StartsWith("tests/", StringComparison.Ordinal))
            {
                texts.AddRange(CSharpScanner.Strings(source));
            }
        }
        else
        {
            // The change log names former keys and types, as code.
            bool isChangeLog = file is "CHANGELOG.md";
            texts.AddRange(source.Split('\n').Select((line, index) => (index + 1, isChangeLog ? Code().Replace(line, "") : line)));
        }

        IEnumerable<Finding> inNames =
            from name in names
            from match in rules.InName(name.Text)
            select new Finding(file, name.Line, match.Word, match.Replacement, name.Text);
        IEnumerable<Finding> inTexts =
            from text in texts
            from match in rules.InText(text.Text)
            select new Finding(file, text.Line, match.Word, match.Replacement, text.Text.Trim());
        return inNames.Concat(inTexts).DistinctBy(finding => (finding.Line, finding.Word, finding.Replacement));
    }

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();
}
