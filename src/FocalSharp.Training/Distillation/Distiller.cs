using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distillation;

/// <summary>Adds to a student's losses those that draw it to a teacher.</summary>
internal sealed class Distiller : IDisposable
{
    private readonly ITeacher _teacher;
    private readonly DistillationCriterion _criterion;

    /// <summary>Initializes a distiller, which owns the teacher.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="recipe">The student and the weights of the losses.</param>
    /// <exception cref="ModelException">The teacher does not fit the student.</exception>
    public Distiller(ITeacher teacher, Recipe recipe)
    {
        _criterion = new DistillationCriterion(recipe.Model.Head, recipe.Model.Classes, recipe.Model.Loss.Assigner, teacher.Head, recipe.Distillation);
        _teacher = recipe.Distillation is { CacheMegabytes: > 0, FeatureWeight: 0 } && TeacherCache.Pays(recipe.Augmentation)
            ? new TeacherCache(teacher, recipe.Distillation.CacheMegabytes * (1L << 20))
            : teacher;
    }

    /// <summary>Loads the teacher of a training.</summary>
    /// <param name="nameOrPath">Weights, a run's folder, a raw ONNX file or a published model's name.</param>
    /// <param name="recipe">The student and the weights of the losses.</param>
    /// <param name="options">Device and precision.</param>
    /// <exception cref="FocalSharpException">The teacher cannot be read or does not fit the student.</exception>
    public static Distiller Load(string nameOrPath, Recipe recipe, TrainerOptions options)
    {
        string file = ModelZoo.Resolve(nameOrPath);
        ITeacher? teacher = null;
        try
        {
            teacher = DetectorLoader.IsOnnx(file)
                ? new OnnxTeacher(file)
                : new NetworkTeacher(
                    TorchDetector.LoadFile(file, new DetectorLoadOptions { Precision = options.Precision }),
                    ComputeDevice.Resolve(options.Device),
                    recipe.Distillation.FeatureWeight > 0);
            return CheckpointImporter.WithPath(nameOrPath, () => new Distiller(teacher, recipe));
        }
        catch
        {
            teacher?.Dispose();
            throw;
        }
    }

    /// <summary>Sets what sums over the ranks that train together; null for one process.</summary>
    public SumOverRanks? SumOverRanks
    {
        set => _criterion.SumOverRanks = value;
    }

    /// <summary>Computes the teacher's outputs for a batch.</summary>
    public TeacherOutput Teach(TrainingBatch batch) => _teacher.Compute(batch);

    /// <summary>Computes the weighted sum of the losses, a scalar with gradient.</summary>
    public Tensor Compute(HeadOutput output, HeadTargets targets, TrainingBatch batch, TeacherOutput teacher) =>
        _criterion.Compute(output, targets, batch.Targets, teacher);

    /// <inheritdoc/>
    public void Dispose() => _teacher.Dispose();
}
