namespace FocalSharp.Assignment;

/// <summary>An assigner that changes in the course of a training.</summary>
internal interface IScheduledAssigner : IAssigner
{
    /// <summary>Sets the part of the training that is done, 0 to 1. It must not be set while images are assigned.</summary>
    double Progress { set; }
}
