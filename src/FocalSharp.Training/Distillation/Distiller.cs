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
    // That of the students' own Quality Focal Loss.
    private const double PretrainedClassWeight = 1;
    private const int MaxNamedClasses = 10;

    private readonly ITeacher _teacher;
    private readonly DistillationCriterion _criterion;

    private Distiller(ITeacher teacher, Recipe recipe, IReadOnlyList<string> classes, bool needsAll)
    {
        if (needsAll && classes.Where(name => name.Length > 0).Except(teacher.Head.Classes, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
        {
            throw new ModelException($"the weights have no class '{unknown}', which transfer.distilledClasses needs; leave it out, or name the class that it matches in transfer.classMatches.");
        }

        _criterion = new DistillationCriterion(recipe.Model.Head, classes, recipe.Model.Loss.Assigner, teacher.Head, recipe.Distillation);
        _teacher = recipe.Distillation is { CacheMegabytes: > 0, FeatureWeight: 0 } && TeacherCache.Pays(recipe.Augmentation)
            ? new TeacherCache(teacher, recipe.Distillation.CacheMegabytes * (1L << 20))
            : teacher;
    }

    /// <summary>Loads the teacher of a training.</summary>
    /// <param name="nameOrPath">Weights, a run's folder, a raw ONNX file or a published model's name.</param>
    /// <param name="recipe">The student and the weights of the losses.</param>
    /// <param name="options">Device and precision.</param>
    /// <exception cref="FocalSharpException">The teacher cannot be read or does not fit the student.</exception>
    public static Distiller Load(string nameOrPath, Recipe recipe, TrainerOptions options) =>
        Load(nameOrPath, recipe, options, recipe.Model.Classes, needsAll: false);

    /// <summary>
    /// Loads the pretrained weights as the teacher of the classes that are distilled from them (<see cref="TransferOptions.DistilledClasses"/>); null if
    /// there are none.
    /// </summary>
    /// <param name="weights">The file of the pretrained weights.</param>
    /// <param name="recipe">The student and the weights of the losses.</param>
    /// <param name="options">Device and precision.</param>
    /// <exception cref="FocalSharpException">The weights cannot be read, do not fit the student, or have none of the classes.</exception>
    public static Distiller? LoadPretrained(string weights, Recipe recipe, TrainerOptions options)
    {
        if (recipe.Transfer.DistilledClasses.Count == 0)
        {
            return null;
        }

        if (recipe.Transfer.DistilledClasses.Except(recipe.Model.Classes, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } other)
        {
            throw new OptionException($"transfer.distilledClasses: the data set has no class '{other}'. It has {string.Join(", ", recipe.Model.Classes.Take(MaxNamedClasses))}.")
            {
                OptionName = "transfer.distilledClasses",
            };
        }

        IReadOnlyList<string> initial = recipe.Transfer.GetInitialClassNames(recipe.Model.Classes);
        string[] names = [.. recipe.Model.Classes.Select((name, i) => recipe.Transfer.DistilledClasses.Contains(name, StringComparer.OrdinalIgnoreCase) ? initial[i] : "")];
        DistillationOptions scoresOnly = recipe.Distillation with { ClassWeight = PretrainedClassWeight, LocalizationWeight = 0, ValuableRegionWeight = 0, FeatureWeight = 0 };
        return Load(weights, recipe with { Distillation = scoresOnly }, options, names, needsAll: true);
    }

    private static Distiller Load(string nameOrPath, Recipe recipe, TrainerOptions options, IReadOnlyList<string> classes, bool needsAll)
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
            return CheckpointImporter.WithPath(nameOrPath, () => new Distiller(teacher, recipe, classes, needsAll));
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
