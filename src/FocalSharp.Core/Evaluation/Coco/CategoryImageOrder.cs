namespace FocalSharp.Evaluation.Coco;

/// <summary>Orders entries by category and image with two counting sorts; equal entries retain the order of the file.</summary>
/// <param name="ImageIds">The evaluated images, ascending.</param>
/// <param name="CategoryIds">The evaluated categories, ascending.</param>
/// <param name="UseCategories">False to pool the categories: by image, then by category.</param>
internal sealed record CategoryImageOrder(long[] ImageIds, int[] CategoryIds, bool UseCategories)
{
    private readonly Dictionary<long, int> _imageOf = Positions(ImageIds);
    private readonly Dictionary<int, int> _categoryOf = Positions(CategoryIds);

    /// <summary>
    /// Returns the positions of the evaluated entries in order, and the group of each of them, ascending: category times the
    /// number of images plus image.
    /// </summary>
    /// <param name="count">Number of entries.</param>
    /// <param name="entry">Returns an entry's image and category id.</param>
    public (int[] Positions, long[] Keys) Sort(int count, Func<int, (long ImageId, int CategoryId)> entry)
    {
        int[] images = new int[count];
        int[] categories = new int[count];
        int[] evaluated = new int[count];
        int retained = 0;
        for (int i = 0; i < count; i++)
        {
            (long imageId, int categoryId) = entry(i);
            if (_imageOf.TryGetValue(imageId, out images[i]) && _categoryOf.TryGetValue(categoryId, out categories[i]))
            {
                evaluated[retained++] = i;
            }
        }

        Array.Resize(ref evaluated, retained);
        int[] order = UseCategories
            ? StableSort.SortByKey(StableSort.SortByKey(evaluated, images, ImageIds.Length), categories, CategoryIds.Length)
            : StableSort.SortByKey(StableSort.SortByKey(evaluated, categories, CategoryIds.Length), images, ImageIds.Length);
        long[] keys = new long[retained];
        for (int i = 0; i < retained; i++)
        {
            long category = UseCategories ? categories[order[i]] : 0;
            keys[i] = (category * ImageIds.Length) + images[order[i]];
        }

        return (order, keys);
    }

    private static Dictionary<T, int> Positions<T>(T[] ids)
        where T : notnull
    {
        Dictionary<T, int> positions = new(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            positions.Add(ids[i], i);
        }

        return positions;
    }
}
