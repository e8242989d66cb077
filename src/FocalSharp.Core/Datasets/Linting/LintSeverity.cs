namespace FocalSharp.Datasets.Linting;

/// <summary>The severity of a finding.</summary>
public enum LintSeverity
{
    /// <summary>Information; no action is needed.</summary>
    Note = 0,

    /// <summary>Likely to reduce accuracy, or corrected while reading.</summary>
    Warning = 1,

    /// <summary>Data cannot be used, or results would be wrong.</summary>
    Error = 2,
}
