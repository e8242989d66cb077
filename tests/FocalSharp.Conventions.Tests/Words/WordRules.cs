namespace FocalSharp.Conventions.Tests.Words;

/// <summary>The banned words.</summary>
internal sealed class WordRules
{
    private readonly List<WordRule> _words = [];
    private readonly List<WordRule> _identifiers = [];

    /// <summary>Gets the number of rules.</summary>
    public int Count => _words.Count + _identifiers.Count;

    /// <summary>Reads the rules of a file.</summary>
    /// <exception cref="FormatException">Thrown when a line is not a rule.</exception>
    public static WordRules Read(string path) => Parse(File.ReadAllLines(path));

    /// <summary>Parses lines of rules.</summary>
    /// <exception cref="FormatException">Thrown when a line is not a rule.</exception>
    public static WordRules Parse(IEnumerable<string> lines)
    {
        WordRules rules = new();
        foreach (string line in lines.Where(line => line.Length > 0 && line[0] is not '#'))
        {
            string[] parts = line.Split('\t');
            if (parts is [['=', .. var identifier], var newName])
            {
                rules._identifiers.Add(WordRule.ForIdentifier(identifier, newName));
            }
            else if (parts is ["name" or "text" or "both", var pattern, var replacement])
            {
                rules._words.Add(WordRule.ForWords(parts[0], pattern, replacement));
            }
            else
            {
                throw new FormatException($"banned-words.txt: not a rule: {line}");
            }
        }

        return rules;
    }

    /// <summary>Returns what is banned in an identifier or a file name.</summary>
    public IEnumerable<(string Word, string Replacement)> InName(string name)
    {
        string words = NameSplitter.Split(name);
        foreach (WordRule rule in _words.Where(rule => rule.InNames && rule.Pattern.IsMatch(words)))
        {
            yield return (name, rule.Replacement);
        }

        foreach (WordRule rule in _identifiers.Where(rule => rule.Pattern.IsMatch(name)))
        {
            yield return (name, rule.Replacement);
        }
    }

    /// <summary>Returns what is banned in a line of text.</summary>
    public IEnumerable<(string Word, string Replacement)> InText(string text) =>
        from rule in _words.Where(rule => rule.InText).Concat(_identifiers)
        from match in rule.Pattern.Matches(text)
        select (match.Value, rule.Replacement);
}
