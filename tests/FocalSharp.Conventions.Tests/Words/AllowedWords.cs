namespace FocalSharp.Conventions.Tests.Words;

/// <summary>The exceptions of <c>allowed-words.txt</c>: a file and a word that the field itself uses there.</summary>
internal sealed class AllowedWords
{
    private readonly HashSet<(string File, string Word)> _pairs = [];
    private readonly HashSet<(string File, string Word)> _used = [];

    private AllowedWords(IEnumerable<(string File, string Word)> pairs) => _pairs.UnionWith(pairs);

    /// <summary>Gets the exceptions that no finding needed.</summary>
    public IEnumerable<string> Unused => _pairs.Except(_used).Select(pair => $"{pair.File}\t{pair.Word}");

    /// <summary>Reads a file of exceptions, each a path and a word separated by a tab.</summary>
    public static AllowedWords Read(string path) => new(
        from line in File.ReadAllLines(path)
        where line.Length > 0 && line[0] is not '#'
        let parts = line.Split('\t')
        select (parts[0], parts[1].ToUpperInvariant()));

    /// <summary>Returns whether a finding is an exception.</summary>
    public bool Contains(Finding finding)
    {
        (string, string) pair = (finding.File, finding.Word.ToUpperInvariant());
        return _pairs.Contains(pair) && (_used.Add(pair) || true);
    }
}
