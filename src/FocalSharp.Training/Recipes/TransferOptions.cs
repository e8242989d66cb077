namespace FocalSharp.Training.Recipes;

/// <summary>How pretrained weights enter a training. The official code only loads them.</summary>
public sealed record TransferOptions
{
    /// <summary>
    /// Gets which class of the pretrained weights a class of another name starts from, as <c>class=pretrained class</c>, for example
    /// <c>automobile=car</c>. Classes of the same name need no entry; all others start at the prior. Default: none.
    /// </summary>
    public IReadOnlyList<string> ClassMatches { get; init; } = [];

    /// <summary>
    /// Gets the share of the pretrained weights in the final weights, 0 to 1 (weight averaging, WiSE-FT, arXiv 2109.01903). Weights that the
    /// pretrained model does not have, such as those of new classes, are not averaged. Default: 0.
    /// </summary>
    public double PretrainedShare { get; init; }

    /// <summary>
    /// Gets the classes whose scores are distilled from the pretrained weights in training (Learning without Forgetting, arXiv 1606.09282): those
    /// that the weights detect better than a detector trained on the data set's images does. Each must have a class of the same name in the
    /// weights, or an entry in <see cref="ClassMatches"/>. Not with a teacher. Default: none.
    /// </summary>
    public IReadOnlyList<string> DistilledClasses { get; init; } = [];

    /// <summary>Returns, for each class, the name of the class that it starts from.</summary>
    /// <param name="classes">The classes of the data set.</param>
    internal IReadOnlyList<string> GetInitialClassNames(IReadOnlyList<string> classes)
    {
        Dictionary<string, string> matches = ClassMatches.Select(Parse).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return [.. classes.Select(name => matches.GetValueOrDefault(name, name))];
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(PretrainedShare is >= 0 and <= 1, $"transfer.pretrainedShare is {PretrainedShare}; it must be 0 to 1");
        OptionException.ThrowUnless(
            ClassMatches.Select(Parse).DistinctBy(match => match.Key, StringComparer.OrdinalIgnoreCase).Count() == ClassMatches.Count,
            "transfer.classMatches names a class twice");
    }

    private static KeyValuePair<string, string> Parse(string match)
    {
        int equals = match.LastIndexOf('=');
        OptionException.ThrowUnless(equals > 0 && equals < match.Length - 1, $"transfer.classMatches has '{match}'; write class=pretrained class, for example automobile=car");
        return KeyValuePair.Create(match[..equals].Trim(), match[(equals + 1)..].Trim());
    }
}
