using FocalSharp.Datasets;
using FocalSharp.Imaging;

namespace FocalSharp.Synthetic;

/// <summary>A generated image with its ground truth.</summary>
public sealed class Scene
{
    internal Scene(RgbImage image, IReadOnlyList<ObjectAnnotation> objects, IReadOnlyList<SceneObject> drawn)
    {
        Image = image;
        Objects = objects;
        SceneObjects = drawn;
    }

    /// <summary>Gets the image.</summary>
    public RgbImage Image { get; }

    /// <summary>Gets the objects from back to front: boxes in pixels, each with its <see cref="ObjectAnnotation.SideBlur"/>.</summary>
    public IReadOnlyList<ObjectAnnotation> Objects { get; }

    /// <summary>Gets the drawing of each of <see cref="Objects"/>.</summary>
    internal IReadOnlyList<SceneObject> SceneObjects { get; }
}
