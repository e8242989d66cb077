namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>What may be wrong with a label.</summary>
internal enum LabelIssueKind
{
    /// <summary>A confident detection where nothing is annotated.</summary>
    MissingLabel,

    /// <summary>A confident detection of another class than the annotated one.</summary>
    WrongClass,

    /// <summary>A confident detection whose box differs from the annotated one.</summary>
    BadBox,
}
