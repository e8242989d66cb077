namespace FocalSharp.Training.Loop.Faults;

/// <summary>The three parts of the loss.</summary>
public enum LossComponent
{
    /// <summary>Quality Focal Loss.</summary>
    Quality,

    /// <summary>GIoU loss.</summary>
    Box,

    /// <summary>Distribution Focal Loss.</summary>
    Distribution,
}
