namespace FocalSharp.Explorer.Pages;

/// <summary>Parts of the navigation.</summary>
public enum PageGroup
{
    /// <summary>The start page, which the mark leads to.</summary>
    Start,

    /// <summary>What the losses do.</summary>
    Losses,

    /// <summary>What a trained detector does.</summary>
    Detector,
}
