namespace FocalSharp.Datasets.Linting;

/// <summary>How much a finding matters.</summary>
public enum LintSeverity
{
    /// <summary>Worth knowing; nothing has to be done.</summary>
    Note = 0,

    /// <summary>Likely to cost accuracy, or was mended while reading.</summary>
    Warning = 1,

    /// <summary>Something cannot be used, or what is measured would be wrong.</summary>
    Error = 2,
}
