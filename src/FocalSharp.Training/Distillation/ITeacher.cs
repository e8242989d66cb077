using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Training.Data;

namespace FocalSharp.Training.Distillation;

/// <summary>A trained detector that a student learns from.</summary>
internal interface ITeacher : IDisposable
{
    /// <summary>Gets what its outputs mean.</summary>
    TeacherHead Head { get; }

    /// <summary>Computes its outputs, with its own normalization of pixels and without gradient.</summary>
    /// <param name="batch">The student's batch, after augmentation.</param>
    TeacherOutput Compute(TrainingBatch batch);
}
