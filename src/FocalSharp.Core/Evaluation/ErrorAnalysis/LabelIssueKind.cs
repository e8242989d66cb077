namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>What may be wrong with a label.</summary>
public enum LabelIssueKind
{
    /// <summary>Something is surely detected where nothing is annotated.</summary>
    MissingLabel,

    /// <summary>An object is surely detected as another class than it is annotated as.</summary>
    WrongClass,

    /// <summary>An object is surely detected, but its annotated box lies elsewhere.</summary>
    BadBox,
}
