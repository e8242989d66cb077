using FocalSharp.Datasets;
using FocalSharp.Imaging;

namespace FocalSharp.Synthetic;

/// <summary>A drawn picture with the truth about it.</summary>
public sealed class Scene
{
    internal Scene(RgbImage image, IReadOnlyList<ObjectAnnotation> objects, IReadOnlyList<SceneObject> drawn)
    {
        Image = image;
        Objects = objects;
        SceneObjects = drawn;
    }

    /// <summary>The picture.</summary>
    public RgbImage Image { get; }

    /// <summary>The objects from back to front, boxes in pixels, each with its <see cref="ObjectAnnotation.SideBlur"/>.</summary>
    public IReadOnlyList<ObjectAnnotation> Objects { get; }

    /// <summary>How each of <see cref="Objects"/> was drawn.</summary>
    internal IReadOnlyList<SceneObject> SceneObjects { get; }
}
