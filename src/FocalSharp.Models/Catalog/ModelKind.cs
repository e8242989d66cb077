namespace FocalSharp.Models.Catalog;

/// <summary>Specifies what a published model can be used for.</summary>
public enum ModelKind
{
    /// <summary>A complete detector: detects as it is, and is a starting point for training.</summary>
    Detector,

    /// <summary>The layers of a classifier: only a starting point for training a detector.</summary>
    Backbone,
}
